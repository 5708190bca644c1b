# METADATA
# title: Waiver that says nothing
# description: >-
#   A comment, a line of an annotation or an entry of the configuration is meant to say which findings do not count, and cannot be understood: it has no effect, and what
#   it should cover goes on counting. Findings about waivers cannot be waived at all.
# custom:
#   level: warning
#   fix: >-
#     Write `# mirrorproof: ignore RULE[,RULE…] [until=YYYY-MM-DD] [REASON…]`, in an annotation what follows `ignore`. To be rid of findings about waivers, mend the waivers, or turn the
#     rule off in the configuration.
#   versions: all
#   situations: [waivers]
#   facts: [waivers]
package mirrorproof.rules.malformed_waiver

import data.mirrorproof.lib

findings contains {"level": "warning", "message": message, "at": waiver.at} if {
	some waiver in input.waivers
	what := mistake(waiver)
	message := $"{what}, so {lib.waiver(waiver)} has no effect"
}

findings contains {"level": "warning", "message": message, "at": waiver.at} if {
	some waiver in input.waivers
	count(waiver.fixed) > 0
	message := $"{lib.quoted(waiver.fixed)} {lib.be(count(waiver.fixed))} about waivers, and no waiver covers that"
}

mistake(waiver) := "no rule is named" if waiver.malformation == "no-rule"

mistake(waiver) := $"`until={waiver.found}` is no date such as 2027-01-31" if waiver.malformation == "no-date"

mistake(waiver) := "`until` is there twice" if waiver.malformation == "two-dates"

mistake(waiver) := "there are more than 2,000 characters" if waiver.malformation == "too-long"
