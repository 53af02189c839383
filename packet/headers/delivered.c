#include "packet/headers/delivered.h"
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"
#include "packet/base/encoded-words.h"
#include "packet/base/error.h"
#include "packet/base/greeting.h"
#include "packet/base/mime.h"
#include "packet/base/text.h"
#include "packet/headers/authres.h"
#include "packet/headers/body.h"
#include "packet/headers/people.h"
#include "packet/headers/receiver.h"
#include "packet/headers/policy.h"
#include "packet/headers/source.h"
#include "packet/headers/trace.h"

static char *
domain_of (const char *address)
{
  PktSlice d = pkt_slice_domain (pkt_slice_str (address));
  g_autofree char *utf8 = d.n > 0 ? pkt_slice_utf8 (d) : NULL;
  return utf8 ? g_utf8_strdown (utf8, -1) : NULL;
}

/* GMime keeps Content-* with the part and the rest with the message; the offset tells the order. */
static int
by_offset (gconstpointer a, gconstpointer b)
{
  gint64 x = g_mime_header_get_offset (*(GMimeHeader *const *)a);
  gint64 y = g_mime_header_get_offset (*(GMimeHeader *const *)b);
  return (x > y) - (x < y);
}

static void
list_headers (GPtrArray *all, GMimeObject *object)
{
  GMimeHeaderList *list = object ? g_mime_object_get_header_list (object) : NULL;
  int n = list ? g_mime_header_list_get_count (list) : 0;
  for (int i = 0; i < n; i++) {
    GMimeHeader *h = g_mime_header_list_get_header_at (list, i);
    if (g_mime_header_get_offset (h) >= 0) /* not what GMime adds of its own */
      g_ptr_array_add (all, h);
  }
}

static void
take_fields (PktSample *s, GMimeMessage *message)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  list_headers (all, GMIME_OBJECT (message));
  list_headers (all, g_mime_message_get_mime_part (message));
  g_ptr_array_sort (all, by_offset);
  for (guint i = 0; i < all->len; i++) {
    GMimeHeader *h = g_ptr_array_index (all, i);
    const char *raw = g_mime_header_get_raw_value (h);
    PktHeaderField *f = g_new0 (PktHeaderField, 1);
    f->name = g_strdup (g_mime_header_get_name (h));
    f->value = g_strdup (raw ? raw : "");
    if (g_str_has_suffix (f->value, "\n"))
      f->value[strlen (f->value) - 1] = '\0';
    g_ptr_array_add (s->fields, f);
  }
}

/* The reader's own allow list acted: X-ICLOUD-MAIL-BWL: 1, X-Apple-Action: WL/INBOX. */
static gboolean
is_allow_listed (const PktSample *s, guint end)
{
  const char *list = pkt_sample_field_in (s, 0, end, "X-ICLOUD-MAIL-BWL");
  const char *action = pkt_sample_field_in (s, 0, end, "X-Apple-Action");
  return (list && pkt_slice_trim (pkt_slice_str (list)).n > 0
          && pkt_slice_trim (pkt_slice_str (list)).p[0] != '0')
         || (action
             && pkt_slice_starts (pkt_slice_trim (pkt_slice_str (action)), PKT_SLICE ("WL/")));
}

static void
take_apples (PktSample *s)
{
  PktAppleBlock block = pkt_trace_block (s);
  s->at_apple = block.at_apple;
  if (!s->at_apple)
    return;
  const PktHeaderField *line = g_ptr_array_index (s->fields, block.hop);
  g_auto (PktHop) hop = { 0 };
  pkt_hop_parse (&hop, line->value);
  s->client_ip = g_steal_pointer (&hop.ip);
  s->helo = g_steal_pointer (&hop.helo);
  s->ptr = g_steal_pointer (&hop.ptr);
  s->tls = g_steal_pointer (&hop.tls);
  s->apple_host = g_steal_pointer (&hop.by);
  s->apple_queue_id = g_steal_pointer (&hop.id);
  s->received = hop.time;
  const char *folder = pkt_sample_field_in (s, 0, block.end, "X-Apple-MoveToFolder");
  s->folder = folder ? pkt_sample_mask_folder (folder) : NULL;
  if (folder && s->folder == NULL)
    s->folder = pkt_people_text (folder);
  s->allow_listed = is_allow_listed (s, block.end);
  pkt_authres_collect (s, &block);
  pkt_policy_collect (s, &block);
}

static InternetAddressMailbox *
first_mailbox (InternetAddressList *list)
{
  for (int depth = 0; list && depth < 5 && internet_address_list_length (list) > 0; depth++) {
    InternetAddress *a = internet_address_list_get_address (list, 0);
    if (INTERNET_ADDRESS_IS_MAILBOX (a))
      return INTERNET_ADDRESS_MAILBOX (a);
    list = INTERNET_ADDRESS_IS_GROUP (a)
               ? internet_address_group_get_members (INTERNET_ADDRESS_GROUP (a))
               : NULL;
  }
  return NULL;
}

static char *
one_line (const char *value)
{
  char *line = g_strdup (value);
  return g_strdelimit (line, "\r\n\t", ' ');
}

/* The first From; a second one is a fault that the table shows. */
static void
take_from (PktSample *s)
{
  const char *from = pkt_sample_field (s, "From");
  if (from == NULL)
    return;
  g_autofree char *line = one_line (from), *joined = pkt_encoded_words_join (line);
  InternetAddressList *list = internet_address_list_parse (NULL, joined);
  InternetAddressMailbox *m = first_mailbox (list);
  const char *address = m ? internet_address_mailbox_get_addr (m) : NULL;
  const char *name = m ? internet_address_get_name (INTERNET_ADDRESS (m)) : NULL;
  s->from_address = address ? g_utf8_make_valid (address, -1) : NULL;
  s->from_name = name && *name ? g_utf8_make_valid (name, -1) : NULL;
  s->from_domain = s->from_address ? domain_of (s->from_address) : NULL;
  if (list)
    g_object_unref (list);
}

/* What stands in <…>, else the whole, trimmed. */
static char *
in_angles (const char *value)
{
  PktSlice v = pkt_slice_trim (pkt_slice_str (value));
  PktSlice open = pkt_slice_find (v, PKT_SLICE ("<"));
  if (open.n > 0)
    v = pkt_slice_until (pkt_slice_skip (open, 1), '>');
  return pkt_slice_utf8 (pkt_slice_trim (v));
}

#define NAME_BYTES 253  /* of a domain */
#define LIST_BYTES 4096 /* of names of fields */

/* The value of a tag in a list (RFC 6376 3.2), blanks of folding taken out; NULL when absent. */
static char *
tag_value (const char *list, char tag, gsize most)
{
  g_auto (GStrv) tags = g_strsplit (list, ";", 100);
  for (char **t = tags; *t; t++) {
    PktSlice s = pkt_slice_trim (pkt_slice_str (*t));
    if (s.n < 2 || s.p[0] != tag)
      continue;
    s = pkt_slice_trim (pkt_slice_skip (s, 1));
    if (s.n == 0 || s.p[0] != '=')
      continue;
    GString *out = g_string_new (NULL);
    for (gsize i = 1; i < s.n && out->len < most; i++)
      if ((guchar)s.p[i] > 32)
        g_string_append_c (out, g_ascii_tolower (s.p[i]));
    g_autofree char *raw = g_string_free (out, FALSE);
    return g_utf8_make_valid (raw, -1);
  }
  return NULL;
}

static void
take_signatures (PktSample *s)
{
  for (guint i = 0; i < s->fields->len && s->dkim->len < PKT_DELIVERED_MAX_RESULTS; i++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, i);
    if (g_ascii_strcasecmp (f->name, "DKIM-Signature") != 0)
      continue;
    PktDkimSignature *d = g_new0 (PktDkimSignature, 1);
    d->domain = tag_value (f->value, 'd', NAME_BYTES);
    d->selector = tag_value (f->value, 's', NAME_BYTES);
    g_ptr_array_add (s->dkim, d);
  }
}

static gboolean
signs_both (const char *fields)
{
  g_auto (GStrv) names = g_strsplit (fields ? fields : "", ":", -1);
  return g_strv_contains ((const char *const *)names, "list-unsubscribe")
         && g_strv_contains ((const char *const *)names, "list-unsubscribe-post");
}

/* RFC 8058 4: a signature has to cover both fields, or receivers take them for no one click. */
static void
check_unsubscribe_signed (PktSample *s)
{
  gboolean covered = FALSE;
  for (guint i = 0; i < s->fields->len && !covered; i++) {
    const PktHeaderField *f = g_ptr_array_index (s->fields, i);
    if (g_ascii_strcasecmp (f->name, "DKIM-Signature") != 0)
      continue;
    g_autofree char *fields = tag_value (f->value, 'h', LIST_BYTES);
    covered = signs_both (fields);
  }
  s->one_click_unsigned = s->one_click && !covered;
  s->one_click = s->one_click && covered;
}

/* RFC 8058 3.1: the promise, and an https link that it is about; a mailto: alone is no one click.
 */
static void
take_unsubscribe (PktSample *s)
{
  const char *list = pkt_sample_field (s, "List-Unsubscribe"),
             *post = pkt_sample_field (s, "List-Unsubscribe-Post");
  g_auto (GStrv) words = g_strsplit_set (list ? list : "", " \t\r\n", -1);
  g_autofree char *joined = g_strjoinv ("", words), *links = g_ascii_strdown (joined, -1);
  s->has_unsubscribe = strchr (links, '<') != NULL;
  s->one_click = strstr (links, "<https:") && post
                 && pkt_slice_equal_nocase (pkt_slice_trim (pkt_slice_str (post)),
                                            PKT_SLICE ("List-Unsubscribe=One-Click"));
}

static void
take_senders (PktSample *s)
{
  const char *path = pkt_sample_field (s, "Return-Path"), *id = pkt_sample_field (s, "Message-ID"),
             *subject = pkt_sample_field (s, "Subject");
  s->return_path = path ? in_angles (path) : NULL;
  s->return_path_domain = s->return_path ? domain_of (s->return_path) : NULL;
  s->message_id = id ? in_angles (id) : NULL;
  s->subject = subject ? pkt_people_text (subject) : NULL;
  take_unsubscribe (s);
  take_from (s);
  take_signatures (s);
  check_unsubscribe_signed (s);
}

/* Who is only greeted by name is a reader like others. */
static void
take_greetings (PktSample *s)
{
  if (s->subject)
    pkt_greeting_subject (s->subject, s->greeted);
  if (s->text)
    pkt_greeting_text (s->text, s->greeted);
  if (s->html)
    pkt_greeting_html (s->html, s->greeted);
  pkt_people_take_locals (s);
  pkt_people_drop_sender (s, s->greeted);
}

PktSample *
pkt_delivered_read (const char *path, PktSlice mail, GError **error)
{
  g_autofree char *name = pkt_text_quote (pkt_slice_str (path), 300);
  if (mail.n > PKT_DELIVERED_MAX_BYTES) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: is longer than the %d MiB a mail may have; save one message alone", name,
                 PKT_DELIVERED_MAX_BYTES / (1024 * 1024));
    return NULL;
  }
  guint broken = 0;
  GString *source = pkt_source_read (mail, &broken);
  g_autoptr (GMimeMessage) message = source ? pkt_mime_parse (pkt_slice (source->str, source->len))
                                            : NULL;
  PktSample *s = NULL;
  if (message) {
    s = pkt_sample_new ();
    s->path = g_strdup (path);
    s->broken_line = broken;
    s->raw = g_bytes_new (mail.p, mail.n);
    take_fields (s, message);
    take_senders (s);
    take_apples (s);
    pkt_receiver_collect (s);
    pkt_people_collect (s);
    pkt_body_collect (s, message);
    take_greetings (s);
  } else if (mail.n == 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: is empty; save the message's source",
                 name);
  } else {
    g_set_error (
        error, PKT_ERROR, PKT_ERROR_DATA,
        "%s: is no mail: no header fields in the first %d lines; save the message's source", name,
        PKT_DELIVERED_PROBE_LINES);
  }
  if (source)
    g_string_free (source, TRUE);
  return s;
}
