# METADATA
# title: Mirror that the assisted installer does not pass on
# description: >-
#   The assisted service reads locations and their mirrors from the ConfigMap's registries.conf, and nothing else: mirrors with `pull-from-mirror = "all"`
#   are dropped, those for tags serve the installation but not the cluster, `prefix` is not read, and a source is to be a repository.
# custom:
#   level: error
#   fix: >-
#     Leave `pull-from-mirror` out or set it to `digest-only`, write repositories as `location`, and give the cluster its tag mirrors by an
#     ImageTagMirrorSet.
#   versions: all; a warning for prefixes and sources that are hosts, and for mirrors of tags, which are an info where nodes reach the source
#   situations: [install, from-the-internet]
#   logs:
#   - 'failed to find any image mirrors in registry.conf'
#   facts: [dropped, mirrorSets]
package mirrorproof.rules.assisted_mirror_dropped

import data.mirrorproof.lib

findings contains {"level": level(reason), "message": message, "at": dropped[0].at, "related": related} if {
	some title, by_reason in lost
	some reason, dropped in by_reason
	[before, after] := effects[reason]
	message := $"the assisted service {before} {name(dropped[0])}{others(count(dropped) - 1)} in {title}{after}"
	related := [{"at": one.at, "message": note} | some index, one in dropped; index > 0; note := $"{name(one)} too"]
}

lost[title][reason] := [one | some one in input.dropped; one.title == title; one.reason == reason] if {
	some {"title": title, "reason": reason} in {object.filter(one, ["title", "reason"]) | some one in input.dropped}
}

name(dropped) := $"`{dropped.location}`" if dropped.location != ""

name(dropped) := "an entry" if dropped.location == ""

others(0) := ""

others(more) := $" (and {more} more)" if more > 0

level("all") := "error"

level("no-location") := "error"

level("prefix") := "warning"

level("tag-only") := {true: "warning", false: "info"}[input.cluster.disconnected]

effects := {
	"all": ["drops", ": it does not know `pull-from-mirror = \"all\"`"],
	"tag-only": ["does not pass on", ": the clusters that it installs get mirrors for pulls by digest alone"],
	"prefix": ["does not read the prefix", ": the location counts"],
	"no-location": ["drops", ", for want of a location"],
}

findings contains {"level": "warning", "message": message, "at": hosts[0].source.at, "related": related} if {
	some index, set in input.mirrorSets
	set.maker == "assisted"
	hosts := [entry | some entry in input.entries; entry.set == index; not contains(entry.source.value, "/")]
	count(hosts) > 0
	message := $"the assisted service asks for repositories, and {set.madeOf} has hosts as sources, which not every installer takes: {lib.quoted([entry.source.value | some entry in hosts])}"
	related := [{"at": entry.source.at, "message": note} | some place, entry in hosts; place > 0; note := $"`{entry.source.value}` too"]
}
