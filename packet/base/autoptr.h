#pragma once
/* Scope cleanup for library types that bring none. Include only what you use: define the macros of
 * the libraries first. */
#include <glib.h>
#ifdef PKT_WITH_GMIME
#include "packet/base/gmime.h"
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeMessage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeObject, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeStream, g_object_unref)
#endif
#ifdef PKT_WITH_LIBXML
#include "packet/base/xml.h"
G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)
#endif
