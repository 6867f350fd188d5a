"""Output of pip and uv for each kind of failure, for the tests of environment."""

# What pip and uv wrote when this was provoked, shortened, with another index's name.
NO_NETWORK = """\
WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, \
status=None)) after connection broken by 'NewConnectionError('<pip._vendor.\
urllib3.connection.HTTPSConnection object at 0x7fc75a8e5310>: \
Failed to establish a new connection: \
[Errno -3] Temporary failure in name resolution')': /simple/click/
ERROR: Could not find a version that satisfies the requirement click (from versions: \
none)
ERROR: No matching distribution found for click
"""
NO_NETWORK_FOR_SETUPTOOLS = """\
Processing /home/ada/tinytorch
  Installing build dependencies: started
  Installing build dependencies: finished with status 'error'
  error: subprocess-exited-with-error
  × pip subprocess to install build dependencies did not run successfully.
  │ exit code: 1
  ╰─> [7 lines of output]
      WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, \
status=None)) after connection broken by 'NewConnectionError('Failed to establish a \
new connection: [Errno -3] Temporary failure in name resolution')': /simple/setuptools/
      ERROR: Could not find a version that satisfies the requirement setuptools>=77 \
(from versions: none)
      ERROR: No matching distribution found for setuptools>=77
      [end of output]
"""
UV_NO_NETWORK = """\
error: Request failed after 3 retries in 5.7s
  cause: Failed to fetch: https://index.example/simple/click/
  cause: error sending request for url (https://index.example/simple/click/)
  cause: client error (Connect)
  cause: dns error
  cause: failed to lookup address information: Temporary failure in name resolution
"""
CONFLICT = """\
Collecting beautifulsoup4
ERROR: Cannot install soupsieve>=2.5 because these package versions have conflicting \
dependencies.

The conflict is caused by:
    The user requested soupsieve>=2.5
    The user requested (constraint) soupsieve==2.0

To fix this you could try to:
1. loosen the range of package versions you've specified
2. remove package versions to allow pip attempt to solve the dependency conflict

ERROR: ResolutionImpossible: for help visit https://help.example/
"""
UV_CONFLICT = """\
Using Python 3.11.2 environment at: .venv
error: No solution found when resolving dependencies
  cause: Because the current Python version (3.11.2) does not satisfy Python>=3.11.5 \
and soupsieve==4.1.1 depends on Python>=3.11.5, we can conclude that soupsieve==4.1.1 \
cannot be used.
"""
OTHER_PYTHON = """\
ERROR: Ignored the following versions that require a different python version: 4.1.1 \
Requires-Python >=3.11.5; 4.1.2 Requires-Python >=3.11.5
ERROR: Could not find a version that satisfies the requirement soupsieve==4.1.1 (from \
versions: 0.4, 0.5, 2.9, 2.10)
ERROR: No matching distribution found for soupsieve==4.1.1
"""
NOWHERE = """\
Looking in indexes: https://index.example/simple
ERROR: Could not find a version that satisfies the requirement numpy (from versions: \
none)
ERROR: No matching distribution found for numpy
"""
FULL = """\
Installing collected packages: numpy
ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device
"""
UV_FULL = """\
Prepared 1 package in 505ms
error: Failed to install: numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl \
(numpy==2.4.6)
  cause: Failed to copy to `.venv/numpy/random/bit_generator.so`
  cause: failed to copy file to .venv/numpy/random/.tmp0nSGsL: No space left on device \
(os error 28)
"""
READ_ONLY = "Error: [Errno 30] Read-only file system: '/book/.venv'\n"
CERTIFICATE = """\
WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, \
status=None)) after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL: \
CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer \
certificate (_ssl.c:1006)'))': /simple/click/
ERROR: No matching distribution found for click
"""
BUILD = """\
  error: subprocess-exited-with-error
  × Getting requirements to build wheel did not run successfully.
  │ exit code: 1
  ╰─> [1 lines of output]
      error: no C compiler was found
      [end of output]
"""
SAMPLES = {
    "no network": (NO_NETWORK, "network", "No matching distribution found for click"),
    "no network, build": (NO_NETWORK_FOR_SETUPTOOLS, "network", "setuptools>=77"),
    "no network, uv": (UV_NO_NETWORK, "network", "Failed to fetch"),
    "conflict": (CONFLICT, "conflict", "(constraint) soupsieve==2.0"),
    "conflict after a retry": (NO_NETWORK + CONFLICT, "conflict", "soupsieve>=2.5"),
    "conflict, uv": (UV_CONFLICT, "conflict", "depends on Python>=3.11.5"),
    "needs another Python": (OTHER_PYTHON, "missing", "Requires-Python >=3.11.5"),
    "no such package": (NOWHERE, "none", "No matching distribution found for numpy"),
    "disk full": (FULL, "disk", "[Errno 28]"),
    "disk full, uv": (UV_FULL, "disk", "No space left on device"),
    "read-only": (READ_ONLY, "denied", "Read-only file system"),
    "certificate": (CERTIFICATE, "certificate", "No matching distribution"),
    "cannot be built": (BUILD, "build", "error: no C compiler was found"),
    "unknown": ("one\n\ntwo\n", "other", "two"),
    "silent": ("", "other", "nothing"),
}
