"""What a run was, whether it may be released, and the bundle that serving loads.

Path: `plan` is what was asked for, `tracking` keeps the run in MLflow, `manifest` and `bundle` say what was made,
`gates` decides whether it may be used, `release` puts it where serving finds it; `card` says all this in words.
Nothing here fits a model: it applies what `training.learners` and `training.calibrate` have fitted.
"""
