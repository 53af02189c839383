#include "packet/log/archive-form.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "packet/base/slice.h"
#include "packet/log/archive.h"

#define TAR_MAGIC_AT 257

PktArchiveForm
pkt_archive_form (PktFeed *s)
{
  gsize n;
  const guint8 *head = pkt_feed_peek (s, TAR_MAGIC_AT + 5, &n);
  if (n >= 4 && (memcmp (head, "PK\3\4", 4) == 0 || memcmp (head, "PK\5\6", 4) == 0))
    return PKT_FORM_ZIP;
  return n >= TAR_MAGIC_AT + 5 && memcmp (head + TAR_MAGIC_AT, "ustar", 5) == 0 ? PKT_FORM_TAR
                                                                                : PKT_FORM_NONE;
}

gboolean
pkt_archive_may_be (PktSlice head)
{
  static const PktSlice begins[] = { PKT_SLICE ("PK"), PKT_SLICE ("BZh"),
                                     PKT_SLICE ("(\xb5/\xfd") };
  static const PktSlice tar = PKT_SLICE ("ustar");
  if (head.n == 0 || !g_ascii_isprint (*head.p)
      || pkt_slice_starts (pkt_slice_skip (head, TAR_MAGIC_AT), tar))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (begins); i++)
    if (pkt_slice_starts (head, begins[i]))
      return TRUE;
  return FALSE;
}

/* Most files, mostly mails by the thousand, are told by one short read. */
static gboolean
may_be_archive (int fd)
{
  char head[TAR_MAGIC_AT + 5];
  gssize n = pread (fd, head, sizeof head, 0);
  return n < 0 || pkt_archive_may_be (pkt_slice (head, (gsize)n));
}

gboolean
pkt_archive_is (const char *path)
{
  int fd = open (pkt_archive_real_path (path), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd >= 0 && !may_be_archive (fd)) {
    close (fd);
    return FALSE;
  }
  g_autoptr (PktFeed) s = fd < 0 ? NULL : pkt_unpack (pkt_feed_fd (fd));
  return s && pkt_archive_form (s) != PKT_FORM_NONE;
}

gboolean
pkt_archive_names_one (const char *name)
{
  static const char *const ends[] = { ".zip",  ".tar",    ".tgz",    ".tbz",     ".tbz2",   ".txz",
                                      ".tzst", ".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst" };
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (pkt_slice_ends_nocase (pkt_slice_str (name), pkt_slice_str (ends[i])))
      return TRUE;
  return FALSE;
}
