#include "packet/run/build-message.h"
#include "packet/request/lint.h"
#include "packet/request/message.h"
#include "packet/request/view-head.h"
#include "packet/run/follow-up.h"

#define APPLE_POSTMASTER "icloudadmin@apple.com"

/* The other side's number stands in front, as it wrote it. */
char *
pkt_build_subject (const PktEvidence *e, const json_t *facts)
{
  const json_t *first = json_array_get (json_object_get (facts, "domains"), 0);
  const char *from = json_string_value (json_object_get (facts, "domain")),
             *domain = from ? from : json_string_value (json_object_get (first, "name")),
             *token = e->subject_token,
             *before = e->follow_up ? e->follow_up->earlier->subject : NULL;
  gboolean again = before && g_ascii_strncasecmp (before, "Re: ", 4) == 0;
  gboolean there = token == NULL || (before && strstr (before, token));
  if (before)
    return g_strdup_printf ("Re: %s%s%s", there ? "" : token, there ? "" : " ",
                            before + (again ? 4 : 0));
  const gboolean named = e->variant == PKT_VARIANT_TRANSACTIONAL && e->stream
                         && strchr (e->stream->name, '.') == NULL; /* not by its domain */
  const char *stream = named ? e->stream->name : NULL;
  return g_strdup_printf ("%s%siCloud Mail delivery issue for %s%s%s%s", token ? token : "",
                          token ? " " : "", domain ? domain : e->the_case->company.name,
                          stream ? " (" : "", stream ? stream : "", stream ? ")" : "");
}

/* Replies that the body quotes: their words and their links are Apple's. */
static const char **
quoted_replies (const json_t *facts)
{
  const json_t *replies = json_object_get (facts, "replies");
  const char **list = g_new0 (const char *, json_array_size (replies) + 1);
  for (gsize i = 0; i < json_array_size (replies); i++)
    list[i] = json_string_value (json_object_get (json_array_get (replies, i), "reply"));
  return list;
}

void
pkt_build_take_findings (PktEvidence *e, GPtrArray *found)
{
  g_ptr_array_set_free_func (found, NULL);
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (e->findings, g_ptr_array_index (found, i));
}

void
pkt_build_lint (PktEvidence *e, const char *body, const json_t *facts, const PktParts *parts,
                const GPtrArray *removed)
{
  g_autofree const char **quoted = quoted_replies (facts);
  const char *url = e->the_case->evidence.page_url;
  const char *const links[] = { url, NULL };
  guint n = parts->list->len;
  g_autofree PktLintAttachment *attachments = g_new0 (PktLintAttachment, n + removed->len + 1);
  gsize shown = pkt_view_ips_shown (facts);
  g_autofree const char **ips = g_new0 (const char *, shown + 1);
  for (gsize i = 0; i < MIN (shown, e->ips->len); i++)
    ips[i] = g_ptr_array_index (e->ips, i);
  for (guint i = 0; i < parts->list->len; i++) {
    const PktPart *p = g_ptr_array_index (parts->list, i);
    attachments[i] = (PktLintAttachment){ pkt_public_part_name (p->part), p->word, TRUE };
  }
  for (guint i = 0; i < removed->len; i++)
    attachments[n++] = *(const PktLintAttachment *)removed->pdata[i];
  const PktLintOptions options
      = { .verbatim = quoted,
          .sending_ips = ips,
          .links = links,
          .attachments = attachments,
          .n_attachments = n,
          .short_follow_up = e->follow_up && e->follow_up->kind == PKT_FOLLOW_UP_RESOLVED };
  g_autoptr (GPtrArray) found = pkt_lint_body (body, &options);
  pkt_build_take_findings (e, found);
}

GBytes *
pkt_build_message (const PktEvidence *e, const PktParts *parts, const char *subject,
                   const char *body, const char *seed, gboolean draft, GError **error)
{
  const PktCase *c = e->the_case;
  const PktFollowUp *f = e->follow_up;
  const char *from = c->request.from ? c->request.from : c->contact.email;
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  for (guint i = 0; i < parts->list->len; i++)
    g_ptr_array_add (list, ((PktPart *)g_ptr_array_index (parts->list, i))->part);
  g_autofree char *id = pkt_message_id_new (seed, strrchr (from, '@') + 1);
  const PktMessage m = { .from_name = c->contact.name,
                         .from_address = from,
                         .to_address = APPLE_POSTMASTER,
                         .subject = subject,
                         .date = e->now,
                         .message_id = draft ? NULL : id,
                         .in_reply_to = f ? f->earlier->message_id : NULL,
                         .references = f ? f->references : NULL,
                         .body = body,
                         .parts = list,
                         .draft = draft,
                         .boundary_seed = seed };
  return pkt_message_render (&m, error);
}
