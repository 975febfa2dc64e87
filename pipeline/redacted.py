"""Text fit to be kept and published: what looks like a secret is taken out of it.

By shape (keys of well-known services, JSON web tokens, private keys), by place (the part of an address before `@`, what
authorizes a request), or by name (`HF_TOKEN=…`, `--password …`, `api_key: …`).  It can't know every secret: keep them
out of configs and commands.
"""

import re
from typing import Any

REDACTED = "(redacted)"
# What a secret is called; `tokens` and `token_width` are none.
_NAME = (
    r"[\w-]*(?:pass(?:word|wd|phrase)|secret|token|credentials?|authorization|"
    r"(?:api|access|private|secret)[_-]?key(?:[_-]?id)?)"
)
_VALUE = r"\"[^\"\n]*\"|'[^'\n]*'|[^\s,;&'\"}\]]+"
# Of each match, what stands before the secret is kept.
_RULES = (
    re.compile(r"()-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
    re.compile(r"(://)[^\s/@'\"]+(?=@)"),
    re.compile(r"()\b(?:gh[pousr]_|github_pat_|glpat-|hf_|npm_|pypi-|sk-|sk_live_|xox[abeprs]-)[\w-]{16,}"),
    re.compile(r"()\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}\b|AIza[\w-]{35}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)"),
    re.compile(r"\b((?:bearer|basic)\s+)(?=[\w.~+/-]*\d)[\w.~+/-]{8,}=*", re.IGNORECASE),
    re.compile(rf"((?<![\w-])--{_NAME}(?:\s+|=))(?:{_VALUE})", re.IGNORECASE),
    re.compile(rf"((?<![\w-]){_NAME}[\"']?[ \t]*[:=][ \t]*)(?:{_VALUE})", re.IGNORECASE),
)
_SECRET_NAME = re.compile(_NAME, re.IGNORECASE)
_HARMLESS = re.compile(r"(?i)[\"']?(true|false|null|none|~|[-+]?[\d.]+(e[-+]?\d+)?|\(redacted\)|bearer|basic|)[\"']?")


def redact(text: str) -> str:
    """The text with `(redacted)` in place of each secret; the same text where there is none."""
    for rule in _RULES:
        text = rule.sub(_without, text)
    return text


def redact_values(content: Any, name: str = "") -> Any:
    """Mappings and lists with `redact` of every text in them, and nothing at all of what a key calls a secret."""
    if isinstance(content, dict):
        return {key: redact_values(value, str(key)) for key, value in content.items()}
    if isinstance(content, list):
        return [redact_values(value, name) for value in content]
    if not isinstance(content, str):
        return content
    if _SECRET_NAME.fullmatch(name) and not _HARMLESS.fullmatch(content):
        return REDACTED
    return redact(content)


def _without(found: re.Match[str]) -> str:
    return found[0] if _HARMLESS.fullmatch(found[0][len(found[1]) :]) else f"{found[1]}{REDACTED}"
