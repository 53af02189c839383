"""Signs a mail by OpenDKIM's own library: opendkim-sign.py LIBRARY HEADER/BODY KEY MAIL, rsa-sha256 with selector rsa
of example.com. The numbers are those of its dkim.h: forms simple 0 and relaxed 1, algorithm rsa-sha256 1."""
import ctypes, sys
lib, form, keyfile, mail = sys.argv[1:]
dkim = ctypes.CDLL(lib)
for f in ("dkim_init", "dkim_sign"):
    getattr(dkim, f).restype = ctypes.c_void_p
dkim.dkim_sign.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p,
                           ctypes.c_char_p, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_ssize_t, ctypes.c_void_p]
for f in ("dkim_header", "dkim_body"):
    getattr(dkim, f).argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
dkim.dkim_eoh.argtypes = [ctypes.c_void_p]
dkim.dkim_eom.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
dkim.dkim_getsighdr_d.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_char_p), ctypes.POINTER(ctypes.c_size_t)]
canon = {"simple": 0, "relaxed": 1}
message = open(mail, "rb").read()
header, body = message.split(b"\r\n\r\n", 1)
status = ctypes.c_int()
h = dkim.dkim_sign(dkim.dkim_init(None, None), b"test", None, open(keyfile, "rb").read(), b"rsa", b"example.com",
                   canon[form.split("/")[0]], canon[form.split("/")[1]], 1, -1, ctypes.byref(status))
assert h, status
field = b""
for line in (header + b"\r\n").splitlines(True):
    if line[:1] in b" \t":
        field += line
        continue
    if field:
        assert dkim.dkim_header(h, field[:-2], len(field) - 2) == 0
    field = line
assert dkim.dkim_header(h, field[:-2], len(field) - 2) == 0
assert dkim.dkim_eoh(h) == 0 and dkim.dkim_body(h, body, len(body)) == 0 and dkim.dkim_eom(h, None) == 0
text, n = ctypes.c_char_p(), ctypes.c_size_t()
assert dkim.dkim_getsighdr_d(h, 16, ctypes.byref(text), ctypes.byref(n)) == 0
sys.stdout.buffer.write(b"DKIM-Signature: " + text.value.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n" + message)
