"""What people do, apart from the model: who is offered help at equal recorded need, and decisions beside the score."""
