"""Restricts this process before it runs a submission: caps, no network, few files.

This file uses the standard library only: inside.py imports it in a process that cannot
import the project. `steps` applies these restrictions in order.
"""

import contextlib
import ctypes
import os
import platform
import resource
import stat
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

# network, process, mount and IPC namespaces (CLONE_NEW… of linux/sched.h)
NAMESPACES = 0x40000000 | 0x20000000 | 0x00020000 | 0x08000000
USERS = 0x10000000  # user namespace (CLONE_NEWUSER)
# Flags of mount(2): MS_BIND, MS_REC, MS_PRIVATE, MS_REMOUNT, MS_RDONLY.
BIND, RECURSIVE, PRIVATE, REMOUNT, READ_ONLY = 0x1000, 0x4000, 0x40000, 0x20, 0x1
# Flags of a mount that must be repeated when it is remounted read-only:
INHERITED = 0x2 | 0x4 | 0x8 | 0x400 | 0x800  # nosuid nodev noexec noatime nodiratime
DIE_WITH_PARENT, DROP_FROM_BOUND, NO_NEW_PRIVILEGES = 1, 24, 38  # options of prctl(2)
NOBODY = 61_000  # where root grades, a submission's user id is this plus 0 to 3999
CAPABILITIES = 64  # numbers of Linux capabilities to try; a kernel knows fewer
CAPABILITY_VERSION = 0x20080522  # _LINUX_CAPABILITY_VERSION_3, for capset(2)
# Paths that a submission sees beside the folders that Python needs:
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/etc/ld.so.cache")
MEGABYTE = 1024 * 1024


def cap(limits: Mapping[str, Any]) -> list[str]:
    """Set the resource limits of this process; return the names of those that hold.

    Args: limits, with `cpu` in seconds, `memory` and `disk` in units of MEGABYTE.
    """
    wanted = {
        "CPU time": (resource.RLIMIT_CPU, limits["cpu"]),
        "memory": (resource.RLIMIT_AS, limits["memory"] * MEGABYTE),
        "size of files": (resource.RLIMIT_FSIZE, limits["disk"] * MEGABYTE),
        "core files": (resource.RLIMIT_CORE, 0),
        "open files": (resource.RLIMIT_NOFILE, 128),
        "processes": (resource.RLIMIT_NPROC, 128),
    }
    held = []
    for name, (kind, value) in wanted.items():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (value, value))
            held.append(name)
    if not sys.platform.startswith("linux"):
        held = [
            name for name in held if name != "memory"
        ]  # macOS accepts the call and does not enforce it
    if os.getuid() == 0:
        held = [
            name for name in held if name != "processes"
        ]  # Linux counts no processes of root
    return held


def leave_network(as_root: bool = False) -> None:
    """Move this process into new namespaces, where there is no network.

    Its children see only one another as processes, and have mounts of their own.

    Args: as_root, whether this process is root and will give that up; then it needs no
        user namespace.
    Raises: OSError where the system has no namespaces, or does not let this user make
        them.
    """
    if not sys.platform.startswith("linux"):
        raise OSError(f"{platform.system()} has no namespaces")
    if as_root:
        _call("unshare", NAMESPACES)
        return
    user, group = os.getuid(), os.getgid()
    _call("unshare", USERS | NAMESPACES)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def leave_files(folders: Iterable[str], disk: int) -> None:
    """Change the root folder to a new one with few folders in it; move to /work.

    The new root holds these folders, SYSTEM and DEVICES, all but DEVICES read-only, and
    empty folders /work and /tmp in memory. Call this in a child of the process that
    called `leave_network`.

    Args: folders, that Python needs; disk, the size of the new root in megabytes.
    Raises: OSError where the kernel refuses a mount.
    """
    root = Path("/tmp")
    os.umask(0o022)
    _mount(None, "/", None, RECURSIVE | PRIVATE)
    wanted = [*SYSTEM, *DEVICES, *sorted(folders, key=len)]
    # Opened now, by descriptor: the mount on /tmp hides the folders that lie in /tmp.
    held = {path: os.open(path, os.O_PATH) for path in wanted if Path(path).exists()}
    _mount("tmpfs", root, "tmpfs", 0, f"size={disk}m,mode=755")
    for path, number in held.items():
        target = root / path.lstrip("/")
        if not target.exists():  # it exists where a parent folder was mounted before
            _show(path, number, target)
        os.close(number)
    (root / "proc").mkdir()
    with contextlib.suppress(OSError):  # some containers forbid it; nothing needs it
        _mount("proc", root / "proc", "proc", 0)
    for name in ("work", "tmp"):
        (root / name).mkdir(exist_ok=True)
        (root / name).chmod(0o777)
    os.chroot(root)
    os.chdir("/work")


def _show(path: str, number: int, target: Path) -> None:
    """Mount an open folder or file at `target`, read-only unless it is in DEVICES.

    Args: path, its path in the old root; number, its file descriptor.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    is_folder = stat.S_ISDIR(os.fstat(number).st_mode)
    target.mkdir() if is_folder else target.touch()
    _mount(f"/proc/self/fd/{number}", target, None, BIND | RECURSIVE)
    if path not in DEVICES:
        kept = os.statvfs(target).f_flag & INHERITED
        _mount(None, target, None, BIND | REMOUNT | READ_ONLY | kept)


def give_up_privileges(as_root: bool = False) -> None:
    """Drop all capabilities for ever, of this process and its children.

    With capabilities a submission could undo the namespaces and mounts.

    Args: as_root, whether this process is root and shall become a user who owns no
        files: root may open most files, and has no cap on its number of processes.
    Raises: OSError where the kernel refuses.
    """
    linux = sys.platform.startswith("linux")
    for number in range(CAPABILITIES if linux else 0):
        with contextlib.suppress(OSError):  # the kernel may know fewer
            _call("prctl", DROP_FROM_BOUND, number, 0, 0, 0)
    if as_root:
        number = NOBODY + os.getpid() % 4000
        os.setgroups([])
        os.setresgid(number, number, number)
        os.setresuid(number, number, number)
    if linux:
        _call("prctl", NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
        _call("capset", header, (ctypes.c_uint32 * 6)())


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends.

    Nothing happens outside Linux. Raises OSError where the kernel refuses.
    """
    if sys.platform.startswith("linux"):
        _call("prctl", DIE_WITH_PARENT, 9, 0, 0, 0)


def _mount(
    source: str | None,
    target: str | Path,
    kind: str | None,
    flags: int,
    options: str | None = None,
) -> None:
    """Call mount(2) with these arguments; raises OSError where it fails."""
    texts = [None if x is None else os.fsencode(x) for x in (source, target, kind)]
    data = None if options is None else options.encode()
    _call("mount", *texts, ctypes.c_ulong(flags), data)


def _call(name: str, *arguments: Any) -> None:
    """Call a function of the C library; raises OSError where it does not return 0."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
