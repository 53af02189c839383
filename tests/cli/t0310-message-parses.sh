#!/bin/sh
# A message as we write it, read by a parser that is not GMime: no defects, nothing changed.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is not there"
sample=$G_TEST_BUILDDIR/unit/test-request-message
[ -x "$sample" ] || skip "test-request-message is not built"
check "a message is written" "$sample" "$tmp/request.eml"
cat >"$tmp/read.py" <<'PY'
import email, email.policy, sys
raw = open(sys.argv[1], 'rb').read()
assert b'\n' not in raw.replace(b'\r\n', b''), 'a bare LF'
assert b'\r' not in raw.replace(b'\r\n', b''), 'a bare CR'
m = email.message_from_bytes(raw, policy=email.policy.default)
parts = list(m.iter_attachments())
for p in m.walk():
    assert not p.defects, p.defects
    for name, value in p.items():
        assert not value.defects, (name, value.defects)
assert m['from'].addresses[0].display_name == 'D\xe4na "S\\ample", Ltd', m['from']
assert m['from'].addresses[0].addr_spec == 'postmaster@example.com'
assert m['to'] == 'icloudadmin@apple.com'
assert m['subject'] == 'iCloud Mail delivery issue for ex\xe4mple.com and a few words more than one line', m['subject']
assert m['date'].datetime.isoformat() == '2026-05-20T09:20:00+00:00', m['date']
assert m['message-id'] == '<0123456789abcdef@mail.example.com>'
assert m['references'].split()[1] == '<b@mail.example.com>'
assert sorted(k.lower() for k in m.keys()) == ['content-type', 'date', 'from', 'in-reply-to', 'message-id',
                                               'mime-version', 'references', 'subject', 'to'], m.keys()
body = m.get_body(('plain',))
assert body['content-transfer-encoding'] == 'quoted-printable'
assert body.get_content().replace('\r\n', '\n') == 'From here\n.\ntrailing \ncaf\xe9 \u20ac\n' + '0123456789' * 8 + '01234\n'
assert [p.get_filename() for p in parts] == ['apple-smtp-errors.txt', 'apple-bounce-trend-2026-04-20_2026-05-19.csv', 'campaign.png']
assert [p.get_content_type() for p in parts] == ['text/plain', 'text/csv', 'image/png']
assert all(p.get_content_disposition() == 'attachment' for p in parts)
assert [p['content-transfer-encoding'] for p in parts] == ['7bit', '7bit', 'base64']
assert parts[2].get_content().startswith(b'\x89PNG\r\n\x1a\n\0\0\0\rIHDR\r\n.\r\nFrom here\n\xff\xfe')
PY
check "Python reads it without a defect" python3 "$tmp/read.py" "$tmp/request.eml"
finish
