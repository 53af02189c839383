#!/usr/bin/env python3
"""make-pages.py LOG FOLDER: the log's lines as the answers that log services give to a search, or as lists of a
shipper's records: NAME.json with each on lines of its own, NAME.tight.json all in one line; and as tables."""
import csv, datetime, json, os, re, sys

BEGIN = datetime.datetime(2026, 12, 29, tzinfo=datetime.timezone.utc)
log, folder = sys.argv[1:]
lines = open(log, encoding="utf-8").read().splitlines()
syslog = re.compile(r"(\w{3} [ \d]\d [\d:]{8}) (\S+) ([^\[: ]+)(?:\[(\d+)\])?: (.*)")
MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def record(number, line):
    """Line, time, host, program, pid, text; of no syslog line all but the text are another's."""
    m = syslog.fullmatch(line)
    if not m:
        return line, BEGIN, "mail", "other", "1", line
    stamp = m[1]
    month = MONTHS.index(stamp[:3]) // 3 + 1
    hour, minute, second = map(int, stamp[7:].split(":"))
    year = 2027 if month < 6 else 2026
    time = datetime.datetime(year, month, int(stamp[4:6]), hour, minute, second, tzinfo=datetime.timezone.utc)
    return line, time + datetime.timedelta(microseconds=number), m[2], m[3], m[4] or "1", m[5]


records = [record(i, line) for i, line in enumerate(lines)]


def iso(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def epoch(time, zeros):
    whole = str(int(time.timestamp()))
    return (whole + "%06d" % time.microsecond).ljust(len(whole) + zeros, "0")[:len(whole) + zeros]


def put(name, whole, indent=4):
    with open(os.path.join(folder, name + ".json"), "w") as f:
        json.dump(whole, f, indent=indent)
        f.write("\n")
    with open(os.path.join(folder, name + ".tight.json"), "w") as f:
        json.dump(whole, f, separators=(",", ":"))


def loki(pairs):
    return {"status": "success", "data": {"resultType": "streams", "result": [
        {"stream": labels, "values": values} for labels, values in pairs], "stats": {"summary": {"queueTime": 0.1}}}}


put("cloudwatch", {"events": [
    {"logStreamName": host, "timestamp": int(epoch(time, 3)), "message": line, "ingestionTime": 1, "eventId": str(i)}
    for i, (line, time, host, *_) in enumerate(records)], "searchedLogStreams": []})
put("insights", {"results": [
    [{"field": "@timestamp", "value": iso(time).replace("T", " ").replace("Z", ".000")},
     {"field": "@message", "value": line}, {"field": "@ptr", "value": "CkE"}]
    for line, time, *_ in records], "statistics": {"recordsMatched": 3.0}, "status": "Complete"})
put("loki", loki([({"job": "mail", "filename": "/var/log/mail.log"}, [[epoch(t, 9), line] for line, t, *_ in records])]))
put("loki-labels", loki([({"hostname": host, "appname": program}, [[epoch(time, 9), text]])
                         for _, time, host, program, _, text in records]))
programs = sorted({record[3] for record in records})
put("loki-streams", loki([({"hostname": "mta1", "appname": name},
                           [[epoch(time, 9), text] for _, time, _, program, _, text in reversed(records) if program == name])
                          for name in programs]))
put("google-newest", [{"insertId": "x", "textPayload": line, "timestamp": iso(time)} for line, time, *_ in reversed(records)], 2)
put("elasticsearch", {"took": 5, "hits": {"total": {"value": 3}, "hits": [
    {"_index": "x", "_id": "1", "_source": {"@timestamp": iso(time), "message": text, "host": {"name": host},
                                            "process": {"name": program, "pid": int(pid)}}, "sort": [1]}
    for _, time, host, program, pid, text in records]}})
put("kibana-fields", {"rawResponse": {"hits": {"hits": [
    {"_index": "x", "fields": {"@timestamp": [iso(time)], "message": [line]}} for line, time, *_ in records]}}})
put("graylog", {"query": "*", "messages": [
    {"highlight_ranges": {}, "message": {"timestamp": iso(time), "source": host, "message": f"{program}[{pid}]: {text}"},
     "index": "graylog_0"} for _, time, host, program, pid, text in records]})
put("splunk", {"preview": False, "messages": [], "results": [
    {"_raw": line, "_time": iso(time), "host": host} for line, time, host, *_ in records]})
put("splunk-rows", {"fields": ["_time", "_raw"], "rows": [[iso(time), line] for line, time, *_ in records]})
put("google", [{"insertId": "x", "resource": {"type": "gce_instance", "labels": {"zone": "a"}}, "textPayload": line,
                "timestamp": iso(time)} for line, time, *_ in records], 2)
put("google-payload", [
    {"jsonPayload": {"ident": program, "pid": pid, "host": host, "message": text}, "timestamp": iso(time)}
    for _, time, host, program, pid, text in records], 2)
put("datadog", {"data": [
    {"id": "x", "type": "log", "attributes": {"host": host, "message": line, "timestamp": iso(time), "tags": ["a:b"]}}
    for line, time, host, *_ in records], "meta": {"page": {"after": "x"}}})
put("datadog-1", {"logs": [{"id": "x", "content": {"host": host, "message": line, "timestamp": iso(time)}}
                           for line, time, host, *_ in records], "nextLogId": None})
put("azure", {"tables": [{"name": "PrimaryResult", "columns": [
    {"name": name, "type": "string"} for name in ("TimeGenerated", "Computer", "ProcessName", "ProcessID", "SyslogMessage")],
    "rows": [[iso(time), host, program, int(pid), text] for _, time, host, program, pid, text in records]}]})
put("azure-cli", [{"Computer": host, "ProcessID": pid, "ProcessName": program, "SyslogMessage": text,
                   "TimeGenerated": iso(time)} for _, time, host, program, pid, text in records], 2)
put("opentelemetry", {"resourceLogs": [{"resource": {}, "scopeLogs": [{"logRecords": [
    {"timeUnixNano": epoch(time, 9), "body": {"stringValue": line}} for line, time, *_ in records]}]}]})
put("papertrail", {"events": [{"id": i, "received_at": iso(time), "hostname": host, "program": program, "message": text}
                              for i, (_, time, host, program, _, text) in enumerate(records)], "min_id": "1"})
put("strings", lines)
with open(os.path.join(folder, "jq.json"), "w") as f:
    for line, time, *_ in records:
        f.write(json.dumps({"message": line, "timestamp": iso(time)}, indent=2) + "\n")
with open(os.path.join(folder, "journal.json"), "w") as f:
    for _, time, host, program, pid, text in records:
        json.dump({"__REALTIME_TIMESTAMP": epoch(time, 6), "_HOSTNAME": host, "SYSLOG_IDENTIFIER": program,
                   "SYSLOG_PID": pid, "MESSAGE": text}, f, indent="\t", separators=(",", " : "))
        f.write("\n")


def table(name, header, rows, **form):
    with open(os.path.join(folder, name), "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n", **form)
        out.writerow(header)
        out.writerows(rows)


def kibana(time):
    return time.strftime("%b %-d, %Y @ %H:%M:%S.") + "%03d" % (time.microsecond // 1000)


columns = ["@timestamp", "host.name", "process.name", "process.pid", "message"]
rows = [[kibana(time), host, program, pid, text] for _, time, host, program, pid, text in records]
table("kibana.csv", columns, rows, quoting=csv.QUOTE_ALL)
table("kibana-newest.csv", columns, reversed(rows), quoting=csv.QUOTE_ALL)
table("graylog.csv", ["timestamp", "source", "message"],
      [[iso(time), host, f"{host} {program}[{pid}]: {text}"] for _, time, host, program, pid, text in records])
table("azure.csv", ["TimeGenerated", "Computer", "SyslogMessage", "ProcessID", "ProcessName"],
      [[iso(time), host, text, pid, program] for _, time, host, program, pid, text in records])
table("grafana.csv", ["Time", "appname", "hostname", "Line"],
      [[iso(time), program, host, text] for _, time, host, program, _, text in records], delimiter=";")
table("rsyslog.csv", ["ID", "ReceivedAt", "FromHost", "SysLogTag", "Message"],
      [[1, time.strftime("%Y-%m-%d %H:%M:%S"), host, f"{program}[{pid}]:", text] for _, time, host, program, pid, text in records])
table("papertrail.tsv", ["id", "generated_at", "received_at", "source_name", "program", "message"],
      [[1, iso(time), iso(time), host, program, text] for _, time, host, program, _, text in records],
      delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, escapechar=None)
