"""Pages for people: server-rendered, in plain words, without any script.

Path: `routes` joins the pages (`sign_in`, `worklist`, `case`, `decision`, `evidence`, `in_service`); `rendering` draws
a template with who is signed in; `problems` says an error as a page; `headers` keeps every answer out of
caches and other sites; `build` compiles the style sheet. A child's id stands on a page, never in an
address, a title or a log.
"""
