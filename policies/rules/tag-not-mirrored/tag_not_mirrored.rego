# METADATA
# title: Image pulled by tag, where the mirrors serve digests only
# description: >-
#   An ImageDigestMirrorSet or ImageContentSourcePolicy serves pulls by digest. A pull by tag of the same source skips its mirrors and goes to the source;
#   in a disconnected cluster it ends in a timeout and ImagePullBackOff. Pulls that surely fail are said one by one, others once for each source.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: warning
#   fix: >-
#     Pin the image by digest, or (from OpenShift 4.13 on) give its source an ImageTagMirrorSet entry with the same mirrors.
#   versions: all (tags have mirrors since 4.13); an error in a disconnected cluster, an info where several things are a guess
#   situations: [pull-fails, from-the-internet]
#   logs:
#   - 'pinging container registry …: Get "https://…/v2/": dial tcp …: i/o timeout'
#   facts: [images]
#   absent: [ImageTagMirrorSet]
package mirrorproof.rules.tag_not_mirrored

import data.mirrorproof.lib

findings contains lib.missing_finding("tag", key, indexes) if {
	some key, indexes in lib.missing.tag
}
