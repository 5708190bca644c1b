# METADATA
# title: Mirror that the assisted installer does not pass on
# description: >-
#   The assisted service reads locations and their mirrors from the ConfigMap's registries.conf, and nothing else: mirrors with `pull-from-mirror = "all"`
#   are dropped, those for tags serve the installation but not the cluster, `prefix` is not read, and a source has to be a repository.
# custom:
#   level: error
#   fix: >-
#     Leave `pull-from-mirror` out or set it to `digest-only`, write repositories as `location`, and give the cluster its tag mirrors by an
#     ImageTagMirrorSet.
#   versions: all; a warning for mirrors of tags, prefixes and sources that are hosts
#   situations: [install, from-the-internet]
package mirrorproof.rules.assisted_mirror_dropped

findings contains {"level": verdict.level, "message": message, "at": dropped[0].at, "related": related} if {
	some title, by_reason in lost
	some reason, dropped in by_reason
	verdict := verdicts[reason]
	message := $"`{dropped[0].location}`{others(count(dropped) - 1)} in {title} {verdict.effect}"
	related := [{"at": one.at, "message": note} | some index, one in dropped; index > 0; note := $"`{one.location}` too"]
}

lost[title][reason] := [one | some one in input.dropped; one.title == title; one.reason == reason] if {
	some {"title": title, "reason": reason} in {object.filter(one, ["title", "reason"]) | some one in input.dropped}
}

others(0) := ""

others(more) := $" (and {more} more)" if more > 0

verdicts := {
	"all": {"level": "error", "effect": "is dropped: the assisted service does not know `pull-from-mirror = \"all\"`"},
	"tag-only": {"level": "warning", "effect": "serves tags, which the assisted service does not pass on to the clusters that it installs"},
	"prefix": {"level": "warning", "effect": "is a prefix, which the assisted service does not read: its location counts"},
	"no-location": {"level": "error", "effect": "has no location, so the assisted service drops it"},
}

findings contains {"level": "warning", "message": message, "at": hosts[0].source.at, "related": related} if {
	some index, set in input.mirrorSets
	set.maker == "assisted"
	hosts := [entry | some entry in input.entries; entry.set == index; not contains(entry.source.value, "/")]
	message := $"`{hosts[0].source.value}`{others(count(hosts) - 1)} in {set.madeOf} is a host: the assisted service takes repositories"
	related := [{"at": entry.source.at, "message": note} | some place, entry in hosts; place > 0; note := $"`{entry.source.value}` too"]
}
