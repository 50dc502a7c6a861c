"""Old Word files (.doc): read by antiword where it is installed, else a request to save them as .docx."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from app.bank.recogniser.readers.refusals import SourceRefused

SECONDS = 20


def text_of_old_word(data):
    """Return the plain text of a .doc file. Raises SourceRefused when nothing here can read it."""
    program = shutil.which("antiword")
    if program is None:
        raise SourceRefused("old_word")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "questions.doc"
        path.write_bytes(data)
        try:
            command = [program, "-m", "UTF-8.txt", "-w", "0", str(path)]
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603
        except (subprocess.SubprocessError, OSError) as error:
            raise SourceRefused("old_word") from error
    text = done.stdout.decode("utf-8", "replace")
    if not text.strip():
        raise SourceRefused("old_word")
    return text
