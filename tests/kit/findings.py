"""Reading what a check of the doctor found."""

from __future__ import annotations

from pathlib import Path

from connector.config.file import Config, load
from connector.doctor.finding import Finding


def says(finding: Finding, severity: str, *words: str) -> bool:
    """Whether it has this severity and these words, and advice unless it is green."""
    text = f"{finding.words} {finding.advice}"
    return (
        finding.severity == severity
        and bool(finding.advice) == (severity != "green")
        and all(word in text for word in words)
    )


def configured(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "textdesk.toml"
    path.write_text(text)
    return load(path)
