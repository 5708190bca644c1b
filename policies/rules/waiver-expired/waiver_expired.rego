# METADATA
# title: Waiver that has expired
# description: >-
#   The day that `until` names is over. The waiver has no effect any more, and what it covers counts again.
# custom:
#   level: warning
#   fix: >-
#     Mend what it covers and remove the waiver, or give it a later date if the reason still holds.
#   versions: all
#   situations: [waivers]
#   facts: [waivers]
package mirrorproof.rules.waiver_expired

import data.mirrorproof.lib

findings contains {"level": "warning", "message": message, "at": waiver.at} if {
	some waiver in input.waivers
	waiver.expired
	message := $"{lib.waiver(waiver)} waived {lib.quoted(waiver.rules)} until {waiver.until}, which is over: what it covers counts again"
}
