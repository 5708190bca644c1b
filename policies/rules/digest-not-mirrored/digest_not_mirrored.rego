# METADATA
# title: Image pulled by digest, where the mirrors serve tags only
# description: >-
#   An ImageTagMirrorSet serves pulls by tag. A pull by digest of the same source skips its mirrors and goes to the source; in a disconnected cluster it
#   ends in a timeout and ImagePullBackOff. An image with a tag and a digest is pulled by digest: nodes drop the tag. Pulls that surely fail are said one by
#   one, others once for each source.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: warning
#   fix: >-
#     Give the source an ImageDigestMirrorSet entry with the same mirrors.
#   versions: 4.13 and later; an error in a disconnected cluster, an info where several things are a guess
#   situations: [pull-fails, from-the-internet]
#   logs:
#   - 'pinging container registry …: Get "https://…/v2/": dial tcp …: i/o timeout'
#   facts: [images]
#   absent: [ImageContentSourcePolicy, ImageDigestMirrorSet]
package mirrorproof.rules.digest_not_mirrored

import data.mirrorproof.lib

findings contains lib.missing_finding("digest", key, indexes) if {
	some key, indexes in lib.missing.digest
}
