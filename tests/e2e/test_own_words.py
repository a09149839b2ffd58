"""The repository holds no sentence and no code of the documentation: data alone carries over."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from .contract import messages
from .copying import code_lines, copied_lines, copied_wordings, wordings
from .documented import ABSENT, FOLDER, ROOT, pages

needs_documents = pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)

PROSE = ["A heron waits in the shallow water. It moves only when a fish does; then it moves once."]
CODE = ["fish = river.catch(patience=3)\nprint(\n    fish,\n)\n"]


def texts() -> dict[str, str]:
    """Every text that is in the repository or about to be, by its path."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    read = {name: _text(ROOT / name) for name in names if name}
    return {name: text for name, text in read.items() if text}


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    # A link to a folder is a name as well; what is in the folder has names of its own.
    except (FileNotFoundError, IsADirectoryError, UnicodeDecodeError):
        return ""


@needs_documents
def test_no_file_repeats_a_sentence_of_the_documents() -> None:
    """No file has as many words in a row from one of their sentences as chance does not explain; messages are data."""
    known = wordings(paragraph for page in pages() for paragraph in page.prose) - wordings(messages())
    found = [f"{name}: {run}" for name, text in texts().items() for run in copied_wordings(text, known)]
    assert not found, "\n".join(found)


@needs_documents
def test_no_file_repeats_a_line_of_their_samples() -> None:
    """No file has a line of their code; JSON is data."""
    known = code_lines(source for page in pages() for source in page.samples.values())
    found = [f"{name}: {line}" for name, text in texts().items() for line in copied_lines(text, known)]
    assert not found, "\n".join(found)


@needs_documents
def test_their_sentences_and_lines_would_be_found() -> None:
    """Every page with prose and code is known by both, and a copy of it is found."""
    for page in pages():
        prose, code = wordings(page.prose), code_lines(page.samples.values())
        assert copied_wordings("\n# ".join(page.prose), prose)
        assert copied_lines("\n".join(page.samples.values()), code)


def test_the_repository_is_read() -> None:
    """What is compared includes the contract, the packages, the tests and the READMEs."""
    expected = {"openapi.yaml", "README.md", "sdk/README.md", "mock_server/README.md", "tests/e2e/test_own_words.py"}
    assert expected <= texts().keys()


@pytest.mark.parametrize(
    "text",
    [
        "a heron waits in the shallow water",
        "# Here a *heron* waits\n# in the `shallow`\n# water, as ever.",
        "It moves only when a fish does, then rests.",
    ],
)
def test_a_copied_sentence_is_found(text: str) -> None:
    """Neither case nor wrapping, comment signs or markup hide a copy, and a part is enough."""
    assert copied_wordings(text, wordings(PROSE))


@pytest.mark.parametrize("text", ["A heron waits in deep water.", "the shallow water. It moves only when", ""])
def test_a_sentence_of_ones_own_is_not_found(text: str) -> None:
    """Fewer words in a row are free, and so are words that belong to two sentences."""
    assert copied_wordings(text, wordings(PROSE)) == []


@pytest.mark.parametrize("text", ["fish = river.catch(patience=3)", "if hungry:\n\tfish  = river.catch(patience=3);"])
def test_a_copied_line_is_found(text: str) -> None:
    """Neither indentation nor spaces or a line's end hide a copy."""
    assert copied_lines(text, code_lines(CODE)) == ["fish = river.catch(patience=3)"]


@pytest.mark.parametrize("text", ["print(", "fish,", ")", "fish = river.catch(patience=30)", ""])
def test_a_line_of_ones_own_is_not_found(text: str) -> None:
    """Punctuation and names are everybody's, and another argument makes another line."""
    assert copied_lines(text, code_lines(CODE)) == []
