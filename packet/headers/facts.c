#include "packet/headers/facts.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/headers/reported.h"

#define LABEL_WIDTH 16

static const char *const methods[] = { "spf", "dkim", "dmarc", "arc", "bimi" };

static guint
from_fields (const PktSample *s)
{
  guint n = 0;
  for (guint i = 0; i < s->fields->len; i++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, i);
    n += g_ascii_strcasecmp (f->name, "From") == 0;
  }
  return n;
}

static json_t *
auth_json (const PktAuthResult *a)
{
  if (a == NULL)
    return json_null ();
  json_t *o = json_object ();
  json_object_set_new (o, "result", pkt_json_string (a->result));
  json_object_set_new (o, "domain", pkt_json_string (a->domain));
  json_object_set_new (o, "key_bits", a->key_bits ? json_integer (a->key_bits) : json_null ());
  return o;
}

/* What another receiver found: as it says, no proof of anything at Apple. */
static json_t *
reported_json (const PktSample *s)
{
  json_t *list = json_array ();
  if (s->receiver == NULL)
    return list;
  for (guint i = 0; i < s->reported->len; i++) {
    const PktAuthResult *a = g_ptr_array_index (s->reported, i);
    json_t *o = auth_json (a);
    json_object_set_new (o, "method", pkt_json_string (a->method));
    json_object_set_new (o, "selector", pkt_json_string (a->selector));
    json_array_append_new (list, o);
  }
  return list;
}

static json_t *
all_of (const PktSample *s, const char *method)
{
  json_t *list = json_array ();
  for (guint i = 0; i < s->auth->len; i++) {
    const PktAuthResult *a = g_ptr_array_index (s->auth, i);
    if (g_str_equal (a->method, method))
      json_array_append_new (list, auth_json (a));
  }
  return list;
}

static json_t *
auths (const PktSample *s)
{
  json_t *o = json_object ();
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    json_object_set_new (o, methods[i],
                         g_str_equal (methods[i], "dkim")
                             ? all_of (s, methods[i])
                             : auth_json (pkt_sample_auth (s, methods[i])));
  return o;
}

static json_t *
signatures (const PktSample *s)
{
  json_t *list = json_array ();
  for (guint i = 0; i < s->dkim->len; i++) {
    const PktDkimSignature *d = g_ptr_array_index (s->dkim, i);
    json_t *o = json_object ();
    json_object_set_new (o, "d", pkt_json_string (d->domain));
    json_object_set_new (o, "s", pkt_json_string (d->selector));
    json_array_append_new (list, o);
  }
  return list;
}

json_t *
pkt_delivered_facts (const PktSample *s)
{
  json_t *o = json_object ();
  json_object_set_new (o, "path", pkt_json_string (s->path));
  json_object_set_new (o, "at_apple", json_boolean (s->at_apple));
  json_object_set_new (o, "allow_listed", json_boolean (s->allow_listed));
  json_object_set_new (o, "received", pkt_json_time (s->received));
  const struct {
    const char *key, *value;
  } strings[] = {
    { "apple_host", s->apple_host },
    { "apple_queue_id", s->apple_queue_id },
    { "client_ip", s->client_ip },
    { "helo", s->helo },
    { "ptr", s->ptr },
    { "tls", s->tls },
    { "from_domain", s->from_domain },
    { "return_path_domain", s->return_path_domain },
    { "message_id", s->message_id },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    json_object_set_new (o, strings[i].key, pkt_json_string (strings[i].value));
  json_object_set_new (o, "auth", auths (s));
  json_object_set_new (o, "values", pkt_reported_values (s));
  json_object_set_new (o, "hops", pkt_reported_hops (s));
  json_object_set_new (o, "receiver", pkt_json_string (s->receiver));
  json_object_set_new (o, "reported", reported_json (s));
  json_object_set_new (o, "dkim", signatures (s));
  json_object_set_new (o, "folder", pkt_json_string (s->folder));
  json_object_set_new (o, "unsubscribe", json_boolean (s->has_unsubscribe));
  json_object_set_new (o, "one_click", json_boolean (s->one_click));
  json_object_set_new (o, "from_fields", json_integer (from_fields (s)));
  return o;
}

/* Values come out of a mail: control bytes must not reach a terminal. */
static void
row (GString *out, const char *label, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_autofree char *left = pkt_text_pad (label, LABEL_WIDTH, FALSE);
  g_autofree char *right = pkt_text_quote (pkt_slice_str (value), 200);
  g_string_append_printf (out, "%s%s\n", left, right);
}

static void
result_rows (GString *out, const PktSample *s)
{
  for (gsize m = 0; m < G_N_ELEMENTS (methods); m++)
    for (guint i = 0; i < s->auth->len; i++) {
      const PktAuthResult *a = g_ptr_array_index (s->auth, i);
      if (!g_str_equal (a->method, methods[m]))
        continue;
      g_autofree char *label = g_ascii_strup (a->method, -1);
      g_autofree char *bits = a->key_bits ? g_strdup_printf ("  %d-bit key", a->key_bits) : NULL;
      g_autofree char *value = g_strconcat (a->result, a->domain ? "  " : "",
                                            a->domain ? a->domain : "", bits, NULL);
      row (out, label, value);
    }
}

/* "X-ICL-SCORE 3.33 (as reported, no verdict)" */
static void
value_rows (GString *out, const PktSample *s)
{
  g_autoptr (json_t) values = pkt_reported_values (s), hops = pkt_reported_hops (s);
  const char *name;
  json_t *value;
  gsize i;
  json_array_foreach (hops, i, value)
  {
    g_autofree char *delay = json_is_integer (json_object_get (value, "delay")) ? g_strdup_printf (
                                 "  %+" G_GINT64_FORMAT " s", pkt_json_number (value, "delay"))
                                                                                : g_strdup ("");
    g_autofree char *text = g_strconcat (
        pkt_json_text (value, "by") ? pkt_json_text (value, "by") : "?", delay, NULL);
    row (out, "Hop", text);
  }
  json_object_foreach (values, name, value)
  {
    g_autofree char *text = g_strdup_printf ("%s: %s", name, json_string_value (value));
    row (out, "As reported", text);
  }
}

static void
reported_rows (GString *out, const PktSample *s)
{
  row (out, "Taken by", s->receiver);
  for (guint i = 0; i < s->reported->len; i++) {
    const PktAuthResult *a = g_ptr_array_index (s->reported, i);
    g_autofree char *value = g_strconcat (a->method, "=", a->result, a->domain ? "  " : "",
                                          a->domain ? a->domain : "", NULL);
    row (out, "  it reports", value);
  }
}

static void
signature_rows (GString *out, const PktSample *s)
{
  for (guint i = 0; i < s->dkim->len; i++) {
    const PktDkimSignature *d = g_ptr_array_index (s->dkim, i);
    g_autofree char *value = g_strdup_printf ("d=%s s=%s", d->domain ? d->domain : "(none)",
                                              d->selector ? d->selector : "(none)");
    row (out, "Signature", value);
  }
}

static void
warnings (GString *out, const PktSample *s)
{
  if (!s->at_apple)
    g_string_append (out,
                     "Warning: Apple did not take this mail, or its top header lines are gone: "
                     "it proves nothing.\nSave the source of a mail from an iCloud mailbox.\n");
  if (s->allow_listed)
    g_string_append (out,
                     "Warning: the reader's own allow list let this mail in: it proves nothing "
                     "about the sender.\nUse a mailbox that does not know the sender.\n");
  if (s->broken_line)
    g_string_append_printf (out,
                            "Warning: line %u is no header field, so the fields below it were not "
                            "read.\nSave the message's source as a file, not out of a window.\n",
                            s->broken_line);
  if (from_fields (s) > 1)
    g_string_append (out, "Warning: more than one From field; the first was read.\n");
}

char *
pkt_delivered_table (const PktSample *s)
{
  GString *out = g_string_new (NULL);
  g_autofree char *time = s->received != PKT_NO_TIME
                              ? pkt_clock_format (s->received, NULL, "%Y-%m-%d %H:%M:%S UTC")
                              : NULL;
  row (out, "Sample", s->path);
  row (out, "Received", time);
  row (out, "Apple host", s->apple_host);
  row (out, "Apple queue id", s->apple_queue_id);
  row (out, "From IP", s->client_ip);
  row (out, "HELO", s->helo);
  row (out, "PTR", s->ptr);
  row (out, "TLS", s->tls);
  row (out, "From domain", s->from_domain);
  row (out, "Return-path", s->return_path_domain);
  row (out, "Message-ID", s->message_id);
  result_rows (out, s);
  reported_rows (out, s);
  signature_rows (out, s);
  value_rows (out, s);
  row (out, "Folder", s->folder);
  row (out, "Unsubscribe",
       s->one_click && s->has_unsubscribe ? "List-Unsubscribe, one click"
       : s->one_click_unsigned            ? "List-Unsubscribe, one click without DKIM over it"
       : s->has_unsubscribe               ? "List-Unsubscribe, not one click"
                                          : "no List-Unsubscribe");
  warnings (out, s);
  return g_string_free (out, FALSE);
}
