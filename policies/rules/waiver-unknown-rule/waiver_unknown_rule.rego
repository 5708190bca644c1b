# METADATA
# title: Waiver of a rule that there is not
# description: >-
#   A comment or an annotation names a rule that does not exist, by a typing error or because the rule was renamed. It covers nothing by that name: what it was written
#   for goes on counting. In the configuration such a name ends the run.
# custom:
#   level: warning
#   fix: >-
#     Name the rule as the finding does, in brackets at the end of its first line; `mirrorproof rules` lists all of them.
#   versions: all
#   situations: [waivers]
#   facts: [waivers]
package mirrorproof.rules.waiver_unknown_rule

import data.mirrorproof.lib

findings contains {"level": "warning", "message": message, "at": waiver.at} if {
	some waiver in input.waivers
	first := waiver.unknown[0]
	message := $"there is no rule `{first.rule}`{others(count(waiver.unknown) - 1)}, which {lib.waiver(waiver)} names{meant(first)}"
}

others(0) := ""

others(1) := " (nor is there 1 other)"

others(number) := $" (nor are there {number} others)" if number > 1

meant(unknown) := $"; is `{unknown.near}` meant?" if unknown.near != ""

meant(unknown) := "" if not unknown.near
