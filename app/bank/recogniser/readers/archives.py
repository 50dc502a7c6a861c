"""Opening .docx and .xlsx packages with care (R58): everything stated is checked first, and counted again while reading."""

import zipfile
from io import BytesIO

from app.bank.recogniser.readers.refusals import SourceRefused, unsafe_archive

MOST_PARTS = 2_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 100  # unpacked ÷ packed, for the whole
SMALL = 1024 * 1024  # packages that unpack to less may have any ratio
CHUNK = 256 * 1024
NESTED = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


class Package:
    """A checked package. `read(name)` gives one part's bytes and keeps counting what has been unpacked."""

    def __init__(self, data):
        try:
            self.archive = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise SourceRefused("damaged") from error
        self.parts = {info.filename: info for info in self.archive.infolist()}
        self.unpacked = 0
        self._check(len(data))

    def _check(self, packed):
        infos = self.archive.infolist()
        if len(infos) > MOST_PARTS:
            raise unsafe_archive("many")
        if len(self.parts) != len(infos) or len({name.lower() for name in self.parts}) != len(infos):
            raise unsafe_archive("twice")
        total = sum(info.file_size for info in infos)
        if total > MOST_UNPACKED:
            raise unsafe_archive("large")
        if total > SMALL and total > MOST_RATIO * packed:
            raise unsafe_archive("ratio")
        for info in infos:
            self._check_part(info)

    def _check_part(self, info):
        name = info.filename.replace("\\", "/")
        if info.flag_bits & 0x1:
            raise SourceRefused("encrypted")
        if name.startswith("/") or ":" in name or ".." in name.split("/") or (info.external_attr >> 16) & 0o170000 == 0o120000:
            raise unsafe_archive("name")
        if name.lower().endswith("vbaproject.bin"):
            raise SourceRefused("macros")
        if name.lower().endswith((".zip", ".7z", ".rar", ".gz")):
            raise unsafe_archive("nested")

    def __contains__(self, name):
        return name in self.parts

    def read(self, name):
        """Return the bytes of one part. Raises SourceRefused when it holds more than it stated or is damaged."""
        info, chunks, size = self.parts[name], [], 0
        try:
            with self.archive.open(info) as part:
                while chunk := part.read(CHUNK):
                    size += len(chunk)
                    self.unpacked += len(chunk)
                    if size > info.file_size:
                        raise unsafe_archive("false")
                    if self.unpacked > MOST_UNPACKED:
                        raise unsafe_archive("large")
                    chunks.append(chunk)
        except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, RuntimeError) as error:
            raise SourceRefused("damaged") from error
        except Exception as error:  # zlib.error and lzma errors have no common parent
            if isinstance(error, SourceRefused):
                raise
            raise SourceRefused("damaged") from error
        return b"".join(chunks)

    def checked(self, data):
        """Return `data` after every part has been unpacked once and counted: for readers that open the package themselves."""
        for name in self.parts:
            self.read(name)
        return data
