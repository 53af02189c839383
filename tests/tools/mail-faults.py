#!/usr/bin/env python3
"""mail-faults.py FOLDER CASE...: SMTP and IMAP servers on loopback that misbehave, one port for each case.

A case is NAME=WORD,WORD...: "imap" (else SMTP), "tls" (from the first byte), "wrong" (another certificate), "noauth",
"nostarttls", "size:N", "dsn", "8bit", "utf8", "xoauth2", "nospecial", "echo" (repeats what the login sent), and faults
"STAGE:REPLY" or "STAGE:drop", "STAGE:hang", "STAGE:slow" (half a second), "STAGE:slow2", "STAGE:drip" (a byte now and then, without end) at banner, ehlo, starttls, auth, mail, rcpt, data, middle (within the
message), end (after its lone dot), list, append, stored (after the whole draft). Blanks in REPLY are written as "_".

FOLDER holds cert.pem and cert-key.pem, wrong.pem and wrong-key.pem. Written there: `ports` ("NAME PORT" lines, when all
listen), NAME.log (what the client said, "(message)" for a message), NAME.N.eml (the Nth message that came whole: also
when no answer was given)."""
import base64, os, socket, ssl, sys, threading, time

folder = sys.argv[1]


class Drop(Exception):
    pass


def context(name):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.load_cert_chain(f"{folder}/{name}.pem", f"{folder}/{name}-key.pem")
    return c


class Session:
    def __init__(self, case, connection):
        self.case, self.sock = case, connection
        self.file = None
        if "tls" in case.words:
            self.secure()
        self.open()

    def open(self):
        self.file = self.sock.makefile("rb")

    def secure(self):
        self.sock = context("wrong" if "wrong" in self.case.words else "cert").wrap_socket(self.sock, server_side=True)

    def send(self, text):
        self.sock.sendall(text.replace("\n", "\r\n").encode() + b"\r\n")

    def line(self):
        raw = self.file.readline()
        if not raw:
            raise Drop
        text = raw.decode("utf-8", "replace").rstrip("\r\n")
        self.case.note(text)
        return text

    def fault(self, stage):
        """Does what the case says for this stage; True when it said something."""
        what = self.case.faults.get(stage)
        if what is None:
            return False
        if what == "drop":
            raise Drop
        if what.startswith("slow"):
            self.case.note("(slow)")
            time.sleep(float(what[4:] or 0.5))
            return False
        if what == "hang":
            self.case.note("(hang)")
            self.sock.settimeout(30)
            while self.sock.recv(4096):
                pass
            raise Drop
        if what == "drip":
            self.case.note("(drip)")
            for _ in range(300):
                self.sock.sendall(b"2")
                time.sleep(0.1)
            raise Drop
        self.send(what.replace("_", " "))
        return True

    def run(self):
        try:
            self.smtp() if "imap" not in self.case.words else self.imap()
        except (Drop, OSError, ValueError):
            pass
        finally:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            self.sock.close()

    # SMTP

    def offers(self, secure):
        w = self.case.words
        out = ["faults.example.com"]
        if not secure and "nostarttls" not in w:
            out.append("STARTTLS")
        if secure and "noauth" not in w:
            out.append("AUTH XOAUTH2" if "xoauth2" in w else "AUTH PLAIN LOGIN")
        out += [f"SIZE {x[5:]}" for x in w if x.startswith("size:")]
        out += [k for word, k in (("dsn", "DSN"), ("8bit", "8BITMIME"), ("utf8", "SMTPUTF8")) if word in w]
        return "\n".join("250" + (" " if i == len(out) - 1 else "-") + x for i, x in enumerate(out))

    def auth(self, words):
        initial = words[2] if len(words) > 2 else None
        if words[1].upper() == "LOGIN":
            self.send("334 VXNlcm5hbWU6")
            self.line()
            self.send("334 UGFzc3dvcmQ6")
            initial = self.line()
        elif initial is None:
            self.send("334 ")
            initial = self.line()
        if "echo" in self.case.words:
            clear = base64.b64decode(initial + "==").decode("utf-8", "replace").replace("\0", " ").replace("\1", " ")
            self.send(f"535 5.7.8 I do not like {initial} which is {clear}")
        elif not self.fault("auth"):
            self.send("235 2.7.0 Authentication successful")

    def message(self):
        lines = []
        while True:
            raw = self.file.readline()
            if not raw:
                raise Drop
            if raw == b".\r\n":
                break
            lines.append(raw[1:] if raw.startswith(b".") else raw)
            if len(lines) == 5 and self.fault("middle"):
                raise Drop
        self.case.note("(message)")
        self.case.store(b"".join(lines))

    def smtp(self):
        secure = "tls" in self.case.words
        if not self.fault("banner"):
            self.send("220 faults.example.com ESMTP")
        while True:
            text = self.line()
            words = text.split(" ")
            verb = words[0].upper()
            stage = {"EHLO": "ehlo", "MAIL": "mail", "RCPT": "rcpt", "DATA": "data", "STARTTLS": "starttls"}.get(verb)
            if stage and self.fault(stage):
                continue
            if verb == "EHLO":
                self.send(self.offers(secure))
            elif verb == "STARTTLS":
                self.send("220 2.0.0 Ready")
                self.secure()
                self.open()
                secure = True
            elif verb == "AUTH":
                self.auth(words)
            elif verb == "DATA":
                self.send("354 Go ahead")
                self.message()
                if not self.fault("end"):
                    self.send("250 2.0.0 Ok: queued as FA017")
            elif verb == "QUIT":
                self.send("221 2.0.0 Bye")
                raise Drop
            else:
                self.send("250 2.1.0 Ok")

    # IMAP

    def imap(self):
        caps = "IMAP4rev1 AUTH=PLAIN SASL-IR" + ("" if "nospecial" in self.case.words else " SPECIAL-USE LIST-EXTENDED")
        if "tls" not in self.case.words and "nostarttls" not in self.case.words:
            caps += " STARTTLS"
        self.send(f"* OK [CAPABILITY {caps}] faults")
        while True:
            tag, _, rest = self.line().partition(" ")
            verb = rest.split(" ")[0].upper()
            if verb == "CAPABILITY":
                self.send(f"* CAPABILITY {caps}\n{tag} OK done")
            elif verb == "STARTTLS":
                self.send(f"{tag} OK begin")
                self.secure()
                self.open()
                caps = caps.replace(" STARTTLS", "")
            elif verb in ("AUTHENTICATE", "LOGIN"):
                if verb == "AUTHENTICATE" and len(rest.split(" ")) < 3:
                    self.send("+ ")
                    self.line()
                refused = self.case.faults.get("auth", "OK in").replace("_", " ")
                self.send(f"{tag} {'NO [AUTHENTICATIONFAILED] no' if refused[0].isdigit() else refused}")
            elif verb == "LIST":
                drafts = "" if "nospecial" in self.case.words else "\\Drafts "
                self.send(f'* LIST (\\HasNoChildren) "/" INBOX\n* LIST ({drafts}\\HasNoChildren) "/" {{8}}\nEntw {{x}}\n{tag} OK done')
            elif verb == "APPEND":
                if "append" in self.case.faults and self.case.faults["append"] != "drop":
                    self.send(tag + " " + self.case.faults["append"].replace("_", " "))
                    continue
                self.fault("append")
                size = int(rest[rest.rindex("{") + 1:-1])
                self.send("+ go")
                body = self.file.read(size)
                if len(body) < size or self.file.readline() != b"\r\n":
                    raise Drop
                self.case.note("(message)")
                self.case.store(body)
                if "stored" in self.case.faults and self.case.faults["stored"] not in ("drop", "hang"):
                    self.send(tag + " " + self.case.faults["stored"].replace("_", " "))
                elif not self.fault("stored"):
                    self.send(f"{tag} OK [APPENDUID 1 42] stored")
            elif verb == "LOGOUT":
                self.send(f"* BYE\n{tag} OK out")
                raise Drop
            else:
                self.send(f"{tag} OK fine")


class Case:
    def __init__(self, text):
        self.name, _, rest = text.partition("=")
        self.words = [w for w in rest.split(",") if w]
        stages = ("banner", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "middle", "end", "list", "append", "stored")
        self.faults = dict(w.split(":", 1) for w in self.words if w.split(":", 1)[0] in stages)
        self.count = 0
        self.lock = threading.Lock()
        self.sock = socket.create_server(("127.0.0.1", 0))
        open(f"{folder}/{self.name}.log", "w").close()

    def note(self, text):
        with self.lock, open(f"{folder}/{self.name}.log", "a", encoding="utf-8") as f:
            f.write(text + "\n")

    def store(self, message):
        with self.lock:
            self.count += 1
            with open(f"{folder}/{self.name}.{self.count}.eml", "wb") as f:
                f.write(message)

    def serve(self):
        while True:
            connection, _ = self.sock.accept()
            threading.Thread(target=self.one, args=(connection,), daemon=True).start()

    def one(self, connection):
        try:
            Session(self, connection).run()
        except (OSError, ValueError):
            connection.close()


cases = [Case(text) for text in sys.argv[2:]]
for case in cases:
    threading.Thread(target=case.serve, daemon=True).start()
with open(f"{folder}/ports.tmp", "w") as f:
    f.writelines(f"{c.name} {c.sock.getsockname()[1]}\n" for c in cases)
os.rename(f"{folder}/ports.tmp", f"{folder}/ports")
threading.Event().wait()
