#!/bin/sh
# Pages made to run long or to fill a memory: a page or a clear error, within 128 MiB and two seconds.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it makes the pages"
cat >"$tmp/pages.py" <<'END'
import base64, os, struct, sys, zlib
folder = sys.argv[1]
MAX = 1024 * 1024  # half of what a page may have, for the sake of the test's own time


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, extra=b""):
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"\0" * 100) + extra) + chunk(b"IEND", b""))


def page(name, text):
    data = text if isinstance(text, bytes) else text.encode()
    with open(os.path.join(folder, name + ".html"), "wb") as out:
        out.write(data[:2 * MAX if name == "tables" else MAX])


image = base64.b64encode(png(40, 40, os.urandom(60000))).decode()
page("tables", "<html>" + "<table><tr><td>x" * 400000)
page("closed-tables", "<html>" + "<table><tr><td>" * 400 + "deep" + "</td></tr></table>" * 400 + "<p>after" * 10000)
page("images", "<html>" + "".join('<img src="https://img%d.example/%d.png" alt="a%d">' % (n % 500, n, n) for n in range(10000)))
page("one-image", "<html>" + '<img src="https://img.example/a.png" alt="a">' * 40000)
page("data-image", '<html><img src="data:image/png;base64,%s">' % image * 20)
large = base64.encodebytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 700, 700, 8, 2, 0, 0, 0)) + os.urandom(1500000)).decode()
with open(os.path.join(folder, "part.html"), "w") as out:
    out.write("From: a@example.com\nTo: b@icloud.com\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=q\n\n"
              "--q\nContent-Type: text/html\n\n<html>" + '<img src="cid:a">' * 60000 + "\n--q\nContent-Type: image/png\nContent-ID: <a>\n"
              "Content-Transfer-Encoding: base64\n\n" + large + "\n--q--\n")
page("bomb", '<html><img src="data:image/png;base64,%s" alt=bomb>' % base64.b64encode(png(100000, 100000)).decode() * 1000)
page("nul", b"<html>\0<p>a\0b\0</p>" * 100000)
page("lies-utf8", b"<html><meta charset=utf-8><p>caf\xe9 \xff\xfe" * 50000)
page("lies-utf16", b"<html><meta charset=utf-16><p>plain text" * 50000)
page("bom-lies", b"\xff\xfe<\0p\0>\0x\0" + b"<html><p>not any more" * 50000)
page("style", "<html><style>" + ".a{color:red;background:url(x)}" * 60000 + "</style>")
page("selectors", "<html><style>" + ",".join(".a%d" % n for n in range(150000)) + "{display:none}</style>" + "<p class='a b c d'>x" * 20000)
page("attributes", "<html>" + "<p class='%s' style='color:red;margin:0' title=t>x" % ("a " * 40) * 15000)
page("comments", "<html>" + "<!-- x --><p>y" * 100000)
page("hosts", "<html>" + "".join('<a href="https://h%d.example/%d">x</a>' % (n, n) for n in range(50000)))
page("words", "<html><p>" + "word " * 400000)
page("one-word", "<html><p>" + "w" * MAX)
page("fields", "<html><p>" + "{{ a }} *|B|* " * 140000)
page("addresses", "<html><p>" + "reader%d@icloud.com " * 20000)
for name in os.listdir(folder):
    print(name[:-5])
END
cat >"$tmp/run.py" <<'END'
import os, resource, subprocess, sys
done = subprocess.run(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds, mib = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
print("exit %d, %.2f s, %.0f MiB: %s" % (done.returncode, seconds, mib, done.stderr.decode(errors="replace")[:200]))
measured = sys.argv[1] == "yes"
sys.exit(done.returncode not in (0, 65) or (measured and (seconds > 2 or mib > 128)))
END
# With a sanitizer in it, the program takes what the sanitizer takes.
measure=yes
! grep -q __asan_init "$pp" || measure=no
mkdir "$tmp/pages"
for page in $(python3 "$tmp/pages.py" "$tmp/pages" | sort); do
  check "$page" python3 "$tmp/run.py" "$measure" "$pp" snapshot --browser none --output "$tmp/made-$page" "$tmp/pages/$page.html"
  [ ! -e "$tmp/made-$page/campaign.html" ] || check "$page: its page is closed" grep -q "default-src 'none'" "$tmp/made-$page/campaign.html"
done
check "tables over tables are an error that names the bound" sh -c '"$1" snapshot "$2" 2>&1 | grep -q "elements open at once\|more than 200000 elements"' - "$pp" "$tmp/pages/tables.html"
check "text behind deep tables stays" grep -q 'after' "$tmp/made-closed-tables/campaign.txt"
check "text behind a NUL stays" grep -q 'ab' "$tmp/made-nul/campaign.txt"
check "a charset that lies is not believed" grep -q 'café' "$tmp/made-lies-utf8/campaign.txt"
check "nor one that cannot be" grep -q 'plain text' "$tmp/made-lies-utf16/campaign.txt"
check "a picture of 100,000 x 100,000 is a box" grep -q '\[image: bomb\]' "$tmp/made-bomb/campaign.html"
check "10,000 pictures are counted" grep -q 'https\?\|--online' "$tmp/made-images/requests.txt"
finish
