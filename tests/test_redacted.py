"""Secrets that look like those of real services; put together here, so that no scanner takes them for some."""

import sys

import pytest

from pipeline.config import Experiment, load
from pipeline.environment import capture
from pipeline.records import Capacity
from pipeline.redacted import REDACTED, redact

LETTERS = "aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0dF2hJ4"
SECRETS = [
    "ghp_" + LETTERS,
    "github_pat_" + LETTERS,
    "hf_" + LETTERS[:34],
    "glpat-" + LETTERS[:20],
    "sk-proj-" + LETTERS,
    "xoxb-" + "1234567890-" + LETTERS[:24],
    "AKIA" + "ABCDEFGH12345678",
    "AIza" + LETTERS[:35],
    "eyJhbGciOiJIUzI1NiJ9." + LETTERS + "." + LETTERS,
    "-----BEGIN RSA PRIVATE KEY-----\n" + LETTERS + "\n-----END RSA PRIVATE KEY-----",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_known_by_its_shape(secret):
    assert redact(f"before {secret} after") == f"before {REDACTED} after"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ray://me:hunter2@head:10001", "ray://(redacted)@head:10001"),
        ("https://hunter2@host/x?y=1", "https://(redacted)@host/x?y=1"),
        ("https://host/x?access_token=hunter2&y=1", "https://host/x?access_token=(redacted)&y=1"),
        ("WANDB_API_KEY=hunter2 parity run", "WANDB_API_KEY=(redacted) parity run"),
        ("parity run --password hunter2 x=1", "parity run --password (redacted) x=1"),
        ("db_password: 'hunter2 too'", "db_password: (redacted)"),
        ('{"client_secret": "hunter2"}', '{"client_secret": (redacted)}'),
        ("Authorization: Bearer hunter2hunter2", "Authorization: Bearer (redacted)"),
    ],
)
def test_a_secret_is_known_by_its_place_or_name(text, kept):
    assert redact(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "parity run configs/demo.yaml train.epochs=3 --address ray://head:10001",
        "token_width: 5, tokens: 20, token: 7",
        "TokenLookup of basic statistics; the bearer certificates",
        "author: me@example.org",
        "password: ",
    ],
)
def test_what_is_no_secret_stays(text):
    assert redact(text) == text


@pytest.mark.parametrize("secret", SECRETS)
def test_twice_is_as_once(secret):
    assert redact(redact(f"token={secret}")) == redact(f"token={secret}")


def test_the_command_that_a_run_keeps_has_no_secret(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["parity", "run", "c.yaml", "--address", "ray://me:hunter2@head:10001"])
    assert capture(Capacity(cpus=1.0)).command == "parity run c.yaml --address ray://(redacted)@head:10001"


def test_the_config_that_a_run_keeps_has_no_secret_and_loads(tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(
        f"question: 'Who said {SECRETS[0]}?'\n"
        "options: {mine: {api_key: hunter2, token_width: 3}}\n"
        "sources: {own: {train: 'https://me:hunter2@host/x.csv', target: y, numbers: [x]}}\n"
    )
    kept = load(path).to_kept_yaml()
    assert "hunter2" not in kept
    assert SECRETS[0] not in kept
    path.write_text(kept)
    assert load(path).options == {"mine": {"api_key": REDACTED, "token_width": 3}}


def test_a_config_without_secrets_is_kept_as_it_is():
    assert Experiment().to_kept_yaml() == Experiment().to_yaml()
