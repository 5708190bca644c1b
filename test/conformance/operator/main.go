// An oracle: reads one configuration a line as JSON, and answers with what the Machine Config Operator writes of it (or why it refuses), and with how
// the code that pulls images on nodes resolves references through that. Nothing of either is written anew here.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/containers/image/v5/docker/reference"
	"github.com/containers/image/v5/pkg/sysregistriesv2"
	"github.com/containers/image/v5/types"
	configv1 "github.com/openshift/api/config/v1"
	operatorv1alpha1 "github.com/openshift/api/operator/v1alpha1"
)

// templates/common/_base/files/container-registries.yaml of the operator.
const template = "unqualified-search-registries = ['registry.access.redhat.com', 'docker.io']\n"

type configuration struct {
	ICSP     []operatorv1alpha1.ImageContentSourcePolicySpec `json:"icsp"`
	IDMS     []configv1.ImageDigestMirrorSetSpec             `json:"idms"`
	ITMS     []configv1.ImageTagMirrorSetSpec                `json:"itms"`
	Insecure []string                                        `json:"insecure"`
	Blocked  []string                                        `json:"blocked"`
	Images   []string                                        `json:"images"`
}

type attempt struct {
	Reference string  `json:"reference"`
	Insecure  bool    `json:"insecure"`
	Entry     *string `json:"entry"`
	Blocked   bool    `json:"blocked"`
}

type plan struct {
	Entry    *string   `json:"entry"`
	Attempts []attempt `json:"attempts"`
	Error    string    `json:"error"`
}

type answer struct {
	Refusal string `json:"refusal"`
	File    string `json:"file"`
	Plans   []plan `json:"plans"`
}

func main() {
	folder, err := os.MkdirTemp("", "oracle")
	check(err)
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "registries.conf")
	system := &types.SystemContext{SystemRegistriesConfPath: file, SystemRegistriesConfDirPath: filepath.Join(folder, "registries.conf.d")}
	check(os.Mkdir(system.SystemRegistriesConfDirPath, 0o755))

	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for in.Scan() {
		var c configuration
		check(json.Unmarshal(in.Bytes(), &c))
		result := answer{Plans: []plan{}}
		if bytes, err := render(c); err != nil {
			result.Refusal = err.Error()
		} else {
			result.File = string(bytes)
			check(os.WriteFile(file, bytes, 0o644))
			sysregistriesv2.InvalidateCache()
			for _, image := range c.Images {
				p := resolve(system, image)
				p.Error = strings.ReplaceAll(p.Error, file, "/etc/containers/registries.conf")
				result.Plans = append(result.Plans, p)
			}
		}
		check(encoder.Encode(result))
	}
	check(in.Err())
	check(out.Flush())
}

func render(c configuration) ([]byte, error) {
	var icsp []*operatorv1alpha1.ImageContentSourcePolicy
	for _, spec := range c.ICSP {
		icsp = append(icsp, &operatorv1alpha1.ImageContentSourcePolicy{Spec: spec})
	}
	var idms []*configv1.ImageDigestMirrorSet
	for _, spec := range c.IDMS {
		idms = append(idms, &configv1.ImageDigestMirrorSet{Spec: spec})
	}
	var itms []*configv1.ImageTagMirrorSet
	for _, spec := range c.ITMS {
		itms = append(itms, &configv1.ImageTagMirrorSet{Spec: spec})
	}
	return updateRegistriesConfig([]byte(template), c.Insecure, c.Blocked, icsp, idms, itms)
}

// resolve does what CRI-O and docker/docker_image_src.go do with a reference.
func resolve(system *types.SystemContext, image string) (p plan) {
	p.Attempts = []attempt{}
	named, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		p.Error = err.Error()
		return
	}
	named = reference.TagNameOnly(named)
	if digested, ok := named.(reference.Digested); ok { // CRI-O drops the tag of name:tag@digest
		named, err = reference.WithDigest(reference.TrimNamed(named), digested.Digest())
		check(err)
	}
	registry, err := sysregistriesv2.FindRegistry(system, named.Name())
	if err != nil {
		p.Error = err.Error()
		return
	}
	if registry == nil {
		p.Attempts = append(p.Attempts, attempt{Reference: named.String()})
		return
	}
	p.Entry = &registry.Prefix
	sources, err := registry.PullSourcesFromReference(named)
	if err != nil {
		p.Error = err.Error()
		return
	}
	for _, source := range sources {
		a := attempt{Reference: source.Reference.String(), Insecure: source.Endpoint.Insecure}
		physical, err := sysregistriesv2.FindRegistry(system, source.Reference.Name())
		check(err)
		if physical != nil {
			a.Entry, a.Blocked = &physical.Prefix, physical.Blocked
		}
		p.Attempts = append(p.Attempts, a)
	}
	return
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
