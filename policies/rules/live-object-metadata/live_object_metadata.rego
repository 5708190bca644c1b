# METADATA
# title: Dump of a live object
# description: >-
#   The object holds fields that the API server sets. Applied from a file, `resourceVersion` and `uid` end in a conflict as soon as the object has changed
#   or was made anew, server-side apply refuses `managedFields`, and the last applied configuration is that of the dump.
# custom:
#   level: info
#   fix: >-
#     Remove `uid`, `resourceVersion`, `managedFields`, `creationTimestamp` and the annotation `kubectl.kubernetes.io/last-applied-configuration`.
#   versions: all
#   situations: [ignored]
package mirrorproof.rules.live_object_metadata

import data.mirrorproof.lib

findings contains {"level": "info", "message": message, "at": dump.at} if {
	some dump in input.dumps
	message := $"`{dump.title}` holds {lib.quoted(dump.fields)}, which only the API server sets: applying it fails with a conflict once the object has changed"
}
