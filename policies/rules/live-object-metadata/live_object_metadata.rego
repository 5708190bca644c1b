# METADATA
# title: Dump of a live object
# description: >-
#   The object holds fields that the API server sets. Applied from a file, `resourceVersion` and `uid` end in a conflict as soon as the object has changed
#   or was made anew, and server-side apply refuses `managedFields`. The annotation of the last applied configuration only doubles the file.
# custom:
#   level: info
#   fix: >-
#     Remove `uid`, `resourceVersion`, `managedFields`, `creationTimestamp`, `generation`, `selfLink`, `status` and the annotation `kubectl.kubernetes.io/last-applied-configuration`.
#   versions: all
#   situations: [ignored]
#   facts: [dumps]
package mirrorproof.rules.live_object_metadata

import data.mirrorproof.lib

findings contains {"level": "info", "message": message, "at": dump.at, "edits": edits} if {
	some dump in input.dumps
	edits := [{"op": "remove", "at": at} | some at in dump.remove]
	message := $"`{dump.title}` holds {lib.quoted(dump.fields)} of a live object: {consequence(dump.fields)}"
}

consequence(fields) := "applying it fails with a conflict once the object has changed" if {
	some field in ["uid", "resourceVersion"]
	field in fields
} else := "server-side apply refuses it" if {
	"managedFields" in fields
} else := "applying it writes the annotation anew"
