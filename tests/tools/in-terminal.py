"""in-terminal.py [--shown] COLUMNS PROGRAM ARGUMENT...: the width of its longest line on a terminal of that width; or all that it shows."""
import fcntl, os, pty, struct, sys, termios
shown = sys.argv[1] == "--shown" and sys.argv.pop(1)
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execv(sys.argv[2], sys.argv[2:])
out = b""
try:
    while chunk := os.read(fd, 65536):
        out += chunk
except OSError:
    pass
os.waitpid(pid, 0)
print(out.decode().replace("\r", "") if shown else max(len(line.rstrip("\r")) for line in out.decode().split("\n")))
