# METADATA
# title: A rule that is right
# description: A rule that does what rules must not, for an entry of its name.
# custom: {level: info, fix: Nothing, versions: all}
package mirrorproof.rules.well

findings contains {"level": "info", "message": $"`{entry.source.value}` is seen", "at": entry.source.at} if {
	some entry in input.entries
}
