# METADATA
# title: registries.conf that nodes cannot read
# description: >-
#   One fault in /etc/containers/registries.conf or a file beside it makes the whole configuration invalid: every pull on the node fails with `loading
#   registries configuration`, and CRI-O does not start again.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: error
#   fix: >-
#     Mend the file as the message says, or replace it by mirror sets.
#   versions: all
#   situations: [pull-fails, nodes-drain]
#   logs:
#   - 'loading registries configuration "/etc/containers/registries.conf": …'
#   - 'loading drop-in registries configuration "/etc/containers/registries.conf.d/…": …'
#   facts: [files]
package mirrorproof.rules.invalid_registries_conf

findings contains {"level": "error", "message": message, "at": file.at} if {
	some file in input.files
	not file.overwritten
	problem := file.error
	message := $"every pull on {file.pool} nodes fails: {problem}"
}
