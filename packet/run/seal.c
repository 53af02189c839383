#include "packet/run/seal.h"
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/redact/verify.h"
#include "packet/run/record.h"

PktSealed *
pkt_seal_load (const char *packet, GError **error)
{
  g_autoptr (GPtrArray) others = pkt_record_others (packet);
  return pkt_seal_check (packet, (const char *const *)others->pdata, pkt_clock_now (), error);
}

/* "screenshot=looked at, nothing of a reader in it" */
static json_t *
waivers (const char *const *waive, GError **error)
{
  g_autoptr (json_t) list = json_array ();
  for (gsize i = 0; waive && waive[i]; i++) {
    const char *eq = strchr (waive[i], '=');
    g_autofree char *id = eq ? g_strndup (waive[i], (gsize)(eq - waive[i])) : NULL;
    if (eq == NULL) {
      g_autofree char *quoted = pkt_text_quote (pkt_slice_str (waive[i]), 60);
      g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                   "--waive %s: needs a reason: --waive '%s=REASON'", quoted, quoted);
      return NULL;
    }
    json_array_append_new (list, json_pack ("{s:o, s:o}", "id", pkt_json_string (id), "reason",
                                            pkt_json_string (eq + 1)));
  }
  return g_steal_pointer (&list);
}

/* The seal stays here, but a packet is shown to colleagues. */
static gboolean
is_clean (const json_t *manifest, const char *what, const char *text, GError **error)
{
  g_autoptr (GPtrArray) allowed = g_ptr_array_new (), own = g_ptr_array_new (), leaks = NULL;
  const char *const keys[] = { "allowed", "own_domains" };
  GPtrArray *const lists[] = { allowed, own };
  for (gsize k = 0; k < G_N_ELEMENTS (lists); k++) {
    gsize i;
    json_t *word;
    json_array_foreach (json_object_get (manifest, keys[k]), i, word)
    {
      if (json_is_string (word))
        g_ptr_array_add (lists[k], (gpointer)json_string_value (word));
    }
    g_ptr_array_add (lists[k], NULL);
  }
  const PktRedactScope scope = { (const char *const *)own->pdata,
                                 (const char *const *)allowed->pdata };
  g_autoptr (PktVerifier) v = pkt_verifier_new (&scope);
  leaks = pkt_verify_bytes (v, PKT_SEAL_FILE, "text/plain", text, strlen (text));
  if (leaks->len == 0)
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_PRIVACY,
               "%s: rule %s: private data stands in it; nothing was sealed", what,
               ((const PktLeak *)leaks->pdata[0])->rule);
  return FALSE;
}

/* GLib says "Unknown" where the system has no real name. */
static const char *
own_name (void)
{
  const char *real = g_get_real_name ();
  return real && *real && !g_str_equal (real, "Unknown") && g_utf8_validate (real, -1, NULL)
             ? real
             : g_get_user_name ();
}

PktSealed *
pkt_seal_accept (const char *packet, const char *by, const char *const *waive, GError **error)
{
  g_autoptr (json_t) manifest = pkt_seal_read_manifest (packet, error);
  g_autoptr (json_t) waived = manifest ? waivers (waive, error) : NULL;
  if (waived == NULL)
    return NULL;
  g_autofree char *name = g_strstrip (g_strdup (by ? by : own_name ()));
  gsize i;
  json_t *row;
  if (*name == '\0' || !g_utf8_validate (name, -1, NULL) || strlen (name) > PKT_SEAL_MAX_REASON) {
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE, "--by: needs the name of a person");
    return NULL;
  }
  if (!is_clean (manifest, "--by", name, error))
    return NULL;
  json_array_foreach (waived, i, row)
  {
    g_autofree char *what = g_strdup_printf ("--waive %s", pkt_json_text (row, "id"));
    const char *reason = pkt_json_text (row, "reason");
    if (reason && !is_clean (manifest, what, reason, error))
      return NULL;
  }
  g_autoptr (json_t) record = json_is_true (json_object_get (manifest, "ready"))
                                  ? pkt_record_load (manifest, error)
                                  : json_object ();
  if (record == NULL
      || !pkt_seal_make (packet, name, json_object_get (record, "inputs"), waived, pkt_clock_now (),
                         error))
    return NULL;
  return pkt_seal_load (packet, error);
}
