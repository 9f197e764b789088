"""Draw a template for the person who is signed in.

Knows templates, words and the session's form token; knows no score and no table.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from serving.access import Access, Role, csrf_token_for, person_of
from serving.explanations import words

if TYPE_CHECKING:
    from starlette.requests import Request

TEMPLATES = Path(__file__).parent / "templates"

# A bar that is there must be seen, however short.
SHORTEST_BAR = 1.0

ROLE_WORDS: dict[Role, str] = {
    Role.TRIAGE: "a member of the triage team",
    Role.DATA_SCIENTIST: "a data scientist",
    Role.AUDITOR: "an auditor",
}


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu: where it leads, what it is called, and what is found there."""

    path: str
    words: str
    says: str
    is_here: bool = False


LIST = MenuItem("/", "The list", "Families, and what is known of each child.")
START = MenuItem("/", "Start", "Where you are.")
AUDIT = MenuItem("/audit", "Audit", "How well the scores hold for each group of children, with counts and intervals.")
MODEL = MenuItem(
    "/model", "Model", "What the released model is, what it was made from, and what it must not be used for."
)

MENUS: dict[Role, tuple[MenuItem, ...]] = {
    Role.TRIAGE: (LIST,),
    Role.DATA_SCIENTIST: (START, AUDIT, MODEL),
    Role.AUDITOR: (START, AUDIT, MODEL),
}


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Draw a page.

    Parameters
    ----------
    template
        Its file's name under `templates`.
    status
        The answer's status.
    **context
        What the template needs; a name that it needs and is not given is our fault and raises.
    """
    person = person_of(request)
    access: Access = request.app.state.access
    shared: dict[str, Any] = {
        "person": person,
        "menu": _menu(person.role, request.url.path) if person else (),
        "csrf_token": csrf_token_for(request) if person else "",
        "is_development": access.is_development,
        "errors": {},
    }
    return HTMLResponse(PAGES.get_template(template).render({**shared, **context}), status_code=status)


def _menu(role: Role, path: str) -> tuple[MenuItem, ...]:
    return tuple(MenuItem(item.path, item.words, item.says, item.path == path) for item in MENUS[role])


def sentence(text: str) -> str:
    """Begin with a capital, and leave every other letter as it is.

    Examples
    --------
    >>> sentence("missing from home, with an SDQ score")
    'Missing from home, with an SDQ score'
    """
    return text[:1].upper() + text[1:]


def signed(number: float) -> str:
    r"""Write a contribution with its sign, and a true minus: it is read aloud, a hyphen is not.

    Examples
    --------
    >>> [signed(n) for n in (0.314, -0.5, -0.004)]
    ['+0.31', '\u22120.50', '0.00']
    """
    if round(number, 2) == 0:
        return "0.00"
    return f"{number:+.2f}".replace("-", "\N{MINUS SIGN}")


def bar(contribution: float, widest: float) -> str:
    """Give a bar's length in percent of the widest on the page, so that both sides share one scale.

    Examples
    --------
    >>> bar(-0.25, 0.5)
    '50.0'
    """
    return f"{max(100 * abs(contribution) / widest, SHORTEST_BAR):.1f}"


def as_written(text: str) -> Markup:
    """Keep the line breaks of what a person wrote; everything in it is escaped."""
    return Markup('<span class="app-text">{}</span>').format(text)


def tag(text: str) -> Markup:
    """Draw a band as a tag: one calm colour for all, since no band is an alarm."""
    return Markup('<strong class="app-tag">{}</strong>').format(text)


def _pages() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {
        "as_written": as_written,
        "bar": bar,
        "day": words.day_in_words,
        "sentence": sentence,
        "share": words.share_in_words,
        "signed": signed,
        "strength": words.strength_in_words,
        "tag": tag,
        "since": words.since_in_words,
    }
    return pages


PAGES = _pages()
"""The templates, read once."""
