# METADATA
# title: A message that is a number
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.message_number

findings contains {"level": "info", "message": 1, "at": entry.source.at} if {
	some entry in input.entries
	entry.source.value == "faults.example/message_number"
}
