"""Postgres refuses to run as root: whom it runs as then, and how that user reaches its files."""

import os
import pwd
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.errors import OperatorError

NAME = "plenary"

_ACL = "system.posix_acl_access"
_USER_OBJ, _USER, _GROUP_OBJ, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
_NOBODY_IN_PARTICULAR = 0xFFFFFFFF


def for_cluster(cluster: Path) -> pwd.struct_passwd | None:
    """Whom to run Postgres as: None means ourselves; as root it is the cluster's owner, or a user made for it."""
    if os.geteuid() != 0:
        return None
    owner = cluster.stat().st_uid if cluster.exists() else 0
    if owner == 0:
        return _made()
    try:
        return pwd.getpwuid(owner)
    except KeyError:
        raise OperatorError(f"The folder {cluster} belongs to user number {owner}, who does not exist here.") from None


def arguments(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """What `subprocess` needs to run something as that user."""
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def let_through(user: pwd.struct_passwd, path: Path) -> None:
    """Let the user walk through the folders above `path`, and only that: no listing, no reading."""
    for folder in path.parents:
        state = folder.stat()
        if state.st_mode & 0o001 or state.st_uid == user.pw_uid:
            continue
        try:
            _allow_walking(folder, user.pw_uid)
        except OSError:  # a file system without access lists
            try:
                folder.chmod(state.st_mode | 0o001)
            except OSError as error:
                raise OperatorError(
                    f"The database cannot run as root, and its user {user.pw_name!r} may not pass {folder}: "
                    "use a data folder elsewhere, with --data DIR."
                ) from error
            print(
                f"Made {folder} passable (o+x): the database cannot run as root and has to get through.",
                file=sys.stderr,
            )


def let_read(user: pwd.struct_passwd, folder: Path) -> None:
    """Make a folder of public files (the Postgres programs) readable where a strict umask hid it."""
    let_through(user, folder / "any")
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o044 | (0o011 if mode & 0o100 else 0))


def _made() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if useradd is None:
        raise OperatorError("The database cannot run as root, and there is no useradd: please start as a normal user.")
    made = subprocess.run(
        [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME],
        capture_output=True,
        text=True,
    )
    try:
        return pwd.getpwnam(NAME)  # also where another process was first
    except KeyError:
        raise OperatorError(
            f"The database cannot run as root, and the user {NAME!r} cannot be made ({made.stderr.strip()}): "
            "please start as a normal user."
        ) from None


def _allow_walking(folder: Path, uid: int) -> None:
    """Add `user:uid:--x` to the folder's POSIX access list, as `setfacl -m` would."""
    entries = {(tag, who): rights for tag, rights, who in _access_list(folder)}
    entries[_USER, uid] = entries.get((_USER, uid), 0) | 0o1
    counted = [rights for (tag, _), rights in entries.items() if tag not in (_USER_OBJ, _OTHER, _MASK)]
    mask = entries.get((_MASK, _NOBODY_IN_PARTICULAR), 0)
    for rights in counted if not mask else [0o1]:
        mask |= rights
    entries[_MASK, _NOBODY_IN_PARTICULAR] = mask
    packed = b"".join(struct.pack("<HHI", tag, rights, who) for (tag, who), rights in sorted(entries.items()))
    os.setxattr(folder, _ACL, struct.pack("<I", 2) + packed)


def _access_list(folder: Path) -> Iterator[tuple[int, int, int]]:
    try:
        yield from struct.iter_unpack("<HHI", os.getxattr(folder, _ACL)[4:])
    except OSError:  # none yet: it is the mode
        mode = folder.stat().st_mode
        for tag, shift in ((_USER_OBJ, 6), (_GROUP_OBJ, 3), (_OTHER, 0)):
            yield tag, mode >> shift & 0o7, _NOBODY_IN_PARTICULAR
