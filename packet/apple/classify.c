#include "packet/apple/classify.h"
#include "packet/apple/fold.h"
#include "packet/apple/reply.h"

/* '4', '5' or 0. */
static char
class_of (const PktVerdict *v)
{
  if (v->code)
    return (char)('0' + v->code / 100);
  return v->enhanced.n ? *v->enhanced.p : 0;
}

static PktCategory
category_by_codes (const PktVerdict *v)
{
  if (class_of (v) == '4')
    return PKT_CAT_RATE;
  if (class_of (v) != '5')
    return PKT_CAT_UNKNOWN;
  if (pkt_slice_starts (v->enhanced, PKT_SLICE ("5.1.")))
    return PKT_CAT_MAILBOX_UNKNOWN;
  if (pkt_slice_starts (v->enhanced, PKT_SLICE ("5.2.")))
    return PKT_CAT_MAILBOX_FULL;
  return pkt_slice_equal (v->enhanced, PKT_SLICE ("5.7.1")) ? PKT_CAT_POLICY : PKT_CAT_UNKNOWN;
}

static const PktRule *
match_text (const PktCatalogue *cat, PktSlice reply, const PktVerdict *v)
{
  g_autoptr (GString) text = pkt_reply_fold (reply, PKT_FOLD_MATCH);
  return pkt_catalogue_match (cat, pkt_slice (text->str, text->len), v);
}

static const PktRule *
find_rule (const PktCatalogue *cat, PktSlice reply, const PktVerdict *v)
{
  const PktRule *rule = pkt_catalogue_find_tag (cat, v->tag);
  PktSlice outer = pkt_reply_unwrap (reply), inner = pkt_reply_inner (outer);
  if (!rule)
    rule = match_text (cat, inner, v);
  if (inner.p == outer.p || (rule && rule->category != PKT_CAT_RATE))
    return rule;
  PktReplyHead head = pkt_reply_head (outer);
  PktVerdict wrapping = { .code = head.code, .enhanced = head.enhanced };
  const PktRule *wraps = match_text (cat, outer, &wrapping);
  return wraps ? wraps : rule;
}

void
pkt_classify (const PktCatalogue *cat, PktSlice reply, PktVerdict *out)
{
  pkt_reply_read (reply, out);
  if (class_of (out) == '2')
    return;
  out->rule = find_rule (cat, reply, out);
  out->category = out->rule ? out->rule->category : category_by_codes (out);
  out->contactable = out->rule ? out->rule->contactable : out->category == PKT_CAT_POLICY;
}

void
pkt_classify_other (PktSlice reply, PktVerdict *out)
{
  const PktReplyHead head = pkt_reply_head (pkt_reply_inner (pkt_reply_unwrap (reply)));
  *out = (PktVerdict){ .code = head.code, .enhanced = head.enhanced };
  out->category = category_by_codes (out);
}
