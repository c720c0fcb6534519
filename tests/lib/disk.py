"""A small file system of a test's own, to be filled. The test runs itself again
in a name space where it may mount one:

    if disk.folder() is None:
        disk.run_inside(__file__, BIN_DIR, size_mb=120)
    else:
        run_all([fills_and_recovers])
"""
import os
import pathlib
import subprocess
import sys
import tempfile

INSIDE = "BIHUAN_TEST_DISK"


def folder():
    """Where it is mounted; None: this is not the run inside."""
    return pathlib.Path(os.environ[INSIDE]) if INSIDE in os.environ else None


def run_inside(script, bin_dir, size_mb):
    """Says so if nothing can be mounted here."""
    with tempfile.TemporaryDirectory(prefix="bihuan.") as tmp:
        mount = (f"mount -t tmpfs -o size={size_mb}m none {tmp} && "
                 f'exec {sys.executable} "$0" "$1"')
        args = ["unshare", "--mount"]
        if os.geteuid() != 0:
            args += ["--user", "--map-root-user"]
        if subprocess.run([*args, "sh", "-c", f"mount -t tmpfs none {tmp}"],
                          capture_output=True).returncode != 0:
            print("skipped: no file system can be mounted here")
            return
        subprocess.run([*args, "sh", "-c", mount, script, bin_dir],
                       env={**os.environ, INSIDE: tmp}, check=True)


def fill():
    """To its last byte; the file that takes the room."""
    filler = folder() / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 18))
        except OSError:
            pass
    return filler
