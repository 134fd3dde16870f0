"""The data and state directories of this host, and what a core leaves in its data directory about itself."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from connector.base import atomic_file, trusted_files
from connector.base.failure import Failure
from connector.base.mistyped_path import likeness
from connector.base.trusted_files import UntrustedFile, quoted, user_name

_HASH_KEY = re.compile("[0-9a-f]{64}")
_MARK = """\
A core ran here as a service (`textdesk serve`), so desks wait for it and start none of their own.
Remove this file to let desks start one again.
"""


class CannotStart(Failure):
    """Why a core cannot run, in one sentence, and the exit code of its process."""

    @classmethod
    def because(cls, error: OSError, what: str) -> CannotStart:
        """For an error of a file; `what` is the sentence for one that is not a question of trust."""
        if isinstance(error, UntrustedFile):
            return cls(str(error), os.EX_NOPERM)
        return cls(f"{what}: {error.strerror}.", os.EX_IOERR)


def data_dir(environ: Mapping[str, str]) -> Path:
    """The core's data directory: `TEXTDESK_DATA`, else the user's usual place."""
    if given := environ.get("TEXTDESK_DATA"):
        return Path(given)
    import platformdirs  # takes a while, and a directory that is given needs none of it

    return Path(platformdirs.user_data_dir("textdesk", appauthor=False))


def state_dir(environ: Mapping[str, str]) -> Path:
    """Where a desk stores its drafts and unanswered requests: `TEXTDESK_STATE`, else the user's usual place."""
    if given := environ.get("TEXTDESK_STATE"):
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_state_dir("textdesk", appauthor=False))


def service_mark(data: Path) -> Path:
    """The file that reserves `data` for a service (`textdesk serve`): desks wait for it and start no core there.

    Every core that runs as a service writes it; only a person removes it, when the service is given up.
    """
    return data / "service"


@contextmanager
def locked(data: Path, *, embedded: bool) -> Iterator[None]:
    """Hold the lock of the data directory, which is made if it is missing. Raises CannotStart.

    An `embedded` core gets no lock on a directory that is reserved for a service.
    """
    mark = service_mark(data)
    with ExitStack() as stack:
        try:
            folder = trusted_files.make_folder(data)
            # The directory itself as well: the file may be removed while a core runs.
            for descriptor in (
                trusted_files.open_private(folder / "core.lock", os.O_RDWR),
                os.open(folder, os.O_RDONLY | os.O_DIRECTORY),
            ):
                stack.callback(os.close, descriptor)
                _lock(descriptor)
        except BlockingIOError:
            whose = "." if mark.exists() else ", started by a desk: it ends some seconds after the last desk is left."
            words = f"{data}: another core is running on this data directory{whose}"
            raise CannotStart(words, os.EX_TEMPFAIL) from None
        except OSError as error:
            code = os.EX_NOPERM if isinstance(error, UntrustedFile) else os.EX_IOERR
            raise CannotStart(why_unusable(data, error), code) from None
        if embedded and mark.exists():
            raise CannotStart(f"{data}: is kept by a service; desks wait for it. See {mark}.", os.EX_TEMPFAIL)
        yield


def is_in_use(data: Path) -> bool:
    """Whether a core runs on the data directory, as far as this user can find out. Changes nothing."""
    for path in (data / "core.lock", data):
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except OSError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            pass  # NFS locks no directories
        finally:
            os.close(descriptor)
    return False


def why_unusable(data: Path, error: OSError) -> str:
    """Why no core can use this data directory, in one sentence, with what mends it."""
    if isinstance(error, UntrustedFile):
        return str(error)
    missing = data.absolute()
    if os.path.lexists(missing) or error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
        what = "is no directory" if error.errno == errno.ENOTDIR else f"cannot be used: {error.strerror}"
        return f"{data}: as data directory it {what}; name another with --data."
    while not os.path.lexists(missing.parent):
        missing = missing.parent
    above, us = missing.parent, user_name(os.geteuid())
    if not os.access(above, os.X_OK):
        return f"{data}: {us} may not enter {above}; name another data directory with --data."
    if error.errno == errno.EROFS:
        words = f"{above} is read-only, and ReadWritePaths= in a unit names what is not"
    else:
        run = f"sudo install -d -o {us} -m 700 {quoted(data.absolute())}"
        words = f"{us} cannot make it in {above}; run: {run}"
    return f"{data}: does not exist{likeness(data, is_folder=True)}, and {words}."


def _lock(descriptor: int) -> None:
    """Raises BlockingIOError when another process has the lock."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise  # only NFS locks no directories


def reserve_for_service(data: Path) -> None:
    """Leave the service mark in a directory whose lock is held, once the service has started. Raises CannotStart."""
    mark = service_mark(data)
    if not mark.exists():
        try:
            atomic_file.write(mark, _MARK)
        except OSError as error:
            raise CannotStart.because(error, f"{mark}: cannot be written") from None


def hash_key(data: Path) -> str:
    """The key of keyed hashes of this data directory: 64 hexadecimal digits, made at the first start.

    Raises CannotStart.
    """
    path = data / "hash.key"
    try:
        if not path.exists():
            atomic_file.write(path, os.urandom(32).hex())
        key = trusted_files.read(path).decode("ascii", "replace")
    except OSError as error:
        raise CannotStart.because(error, f"{path}: cannot be used") from None
    if _HASH_KEY.fullmatch(key) is None:
        raise CannotStart(f"{path}: is damaged; restore it from a backup.", os.EX_IOERR)
    return key


def restore_hash_key(data: Path, key: str) -> None:
    """Write the key again where the directory's files were removed while the core ran; the database is rescued there,
    and is of little use without it. Raises OSError."""
    path = trusted_files.make_folder(data) / "hash.key"
    if not path.exists():
        atomic_file.write(path, key)


def node(data: Path, new_id: Callable[[], str]) -> str:
    """The lasting name of the core that holds the directory's lock, among the cores of one database.

    Raises CannotStart.
    """
    path = data / "node"
    try:
        if not path.exists():
            atomic_file.write(path, new_id())
        name = trusted_files.read(path).decode("ascii", "replace")
    except OSError as error:
        raise CannotStart.because(error, f"{path}: cannot be used") from None
    if not name or not name.isascii():
        raise CannotStart(f"{path}: is damaged; restore it from a backup, or remove it.", os.EX_IOERR)
    return name
