# METADATA
# title: Source without a mirror
# description: >-
#   An entry whose list of mirrors is missing, empty, or names only the source itself is no mirror rule: the Machine Config Operator drops it,
#   its mirrorSourcePolicy included. Pulls go to the source. In a disconnected cluster they run into a timeout.
# custom:
#   level: warning
#   fix: Add a mirror that holds the images, or remove the entry.
#   versions: all; an error in a disconnected cluster, an info where a broader source has mirrors
package mirrorproof.rules.source_without_mirror

findings contains {"level": level(entry), "message": message, "at": entry.source.at} if {
	some entry in input.entries
	not entry.effective
	not entry.mirrored
	not refused(entry)
	message := $"source `{entry.source.value}` {lack(entry)}, so the entry is ignored{consequence(entry)}"
}

# That its own mirror is the source says another rule, and the operator then drops more than the entry.
refused(entry) if {
	entry.policy == "NeverContactSource"
	count(entry.mirrors) > 0
}

lack(entry) := "has no mirror" if count(entry.mirrors) == 0

lack(entry) := "has no mirror but itself" if count(entry.mirrors) > 0

consequence(entry) := $"; the mirrors of `{entry.coveredBy}` serve it" if entry.coveredBy

consequence(entry) := " and its NeverContactSource with it" if {
	not entry.coveredBy
	entry.policy == "NeverContactSource"
}

consequence(entry) := "" if {
	not entry.coveredBy
	entry.policy != "NeverContactSource"
}

level(entry) := "info" if entry.coveredBy

level(entry) := "error" if {
	not entry.coveredBy
	input.cluster.disconnected
}

level(entry) := "warning" if {
	not entry.coveredBy
	not input.cluster.disconnected
}
