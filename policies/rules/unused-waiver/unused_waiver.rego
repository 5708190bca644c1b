# METADATA
# title: Waiver that covers nothing
# description: >-
#   Nothing that this waiver covers was found: it was mended, or moved away from the waiver. Left where it is, it would hide the next one. Said only where all was looked at: of a part of
#   the repository, of some clusters, or where the operator applies no configuration at all, it could not be told.
# custom:
#   level: info
#   fix: >-
#     Remove it, or the rules that are named here; where the finding is still there, see what the waiver covers.
#   versions: all
#   situations: [waivers]
#   facts: [waivers]
package mirrorproof.rules.unused_waiver

import data.mirrorproof.lib

findings contains {"level": "info", "message": message, "at": waiver.at} if {
	some waiver in input.waivers
	count(waiver.unused) > 0
	message := $"{lib.waiver(waiver)} waives {lib.quoted(waiver.unused)}, and nothing of that was found where it holds"
}
