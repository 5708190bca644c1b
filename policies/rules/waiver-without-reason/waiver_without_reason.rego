# METADATA
# title: Waiver without a reason
# description: >-
#   The configuration says `requireReasons: true`, and this waiver does not say why it is there. Whoever meets it later cannot tell whether it is still right.
# custom:
#   level: error
#   fix: >-
#     Write the reason behind the rule and the date, or in the configuration as `reason`.
#   versions: all
#   situations: [waivers]
#   facts: [waivers]
package mirrorproof.rules.waiver_without_reason

import data.mirrorproof.lib

findings contains {"level": "error", "message": message, "at": waiver.at} if {
	some waiver in input.waivers
	waiver.lacksReason
	message := $"{lib.waiver(waiver)} waives {lib.quoted(waiver.rules)} without a reason, and the configuration asks for one"
}
