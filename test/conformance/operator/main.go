// An oracle: reads one case a line as JSON, and answers with what the Machine Config Operator writes of it (or why it refuses), and with how
// the code that pulls images on nodes resolves references through that. Nothing of either is written anew here.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/containers/image/v5/docker/reference"
	"github.com/containers/image/v5/pkg/shortnames"
	"github.com/containers/image/v5/pkg/sysregistriesv2"
	"github.com/containers/image/v5/types"
	configv1 "github.com/openshift/api/config/v1"
	operatorv1alpha1 "github.com/openshift/api/operator/v1alpha1"
	"k8s.io/klog/v2"
)

// What stands on a node where nothing is configured: templates/*/container-registries.yaml and policy.yaml of the operator.
const (
	registriesTemplate = "unqualified-search-registries = ['registry.access.redhat.com', 'docker.io']\n"
	policyTemplate     = `{"default":[{"type":"insecureAcceptAnything"}],"transports":{"docker-daemon":{"":[{"type":"insecureAcceptAnything"}]}}}`
)

type configuration struct {
	ICSP     []operatorv1alpha1.ImageContentSourcePolicySpec `json:"icsp"`
	IDMS     []configv1.ImageDigestMirrorSetSpec             `json:"idms"`
	ITMS     []configv1.ImageTagMirrorSetSpec                `json:"itms"`
	Insecure []string                                        `json:"insecure"`
	Blocked  []string                                        `json:"blocked"`
	Allowed  []string                                        `json:"allowed"`
	Search   []string                                        `json:"search"`
	Release  string                                          `json:"release"`
}

// A case is a cluster, or the files of a node: the main one and drop-ins, in the order of their names.
type testCase struct {
	configuration
	Before *configuration `json:"before"` // what the cluster is changed from
	Files  []string       `json:"files"`
	Images []string       `json:"images"`
}

type attempt struct {
	Reference string  `json:"reference"`
	Insecure  bool    `json:"insecure"`
	Entry     *string `json:"entry"`
	Blocked   bool    `json:"blocked"`
}

type plan struct {
	Reference string    `json:"reference"`
	Entry     *string   `json:"entry"`
	Attempts  []attempt `json:"attempts"`
	Error     string    `json:"error"`
	Rejected  string    `json:"rejected"`
}

type resolved struct {
	Plans []plan `json:"plans"`
	Error string `json:"error"`
}

type answer struct {
	Refusal string     `json:"refusal"`
	File    string     `json:"file"`
	Search  string     `json:"search"`
	Policy  string     `json:"policy"`
	Safe    *bool      `json:"safe"` // whether nodes need no drain to come from Before
	Images  []resolved `json:"images"`
}

type written struct{ file, search, policy []byte }

func main() {
	folder, err := os.MkdirTemp("", "oracle")
	check(err)
	defer os.RemoveAll(folder)
	node := newNode(folder)
	klog.LogToStderr(false) // the operator tells every decision
	klog.SetOutput(io.Discard)

	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for in.Scan() {
		var c testCase
		check(json.Unmarshal(in.Bytes(), &c))
		check(encoder.Encode(node.answer(c)))
	}
	check(in.Err())
	check(out.Flush())
}

func (n node) answer(c testCase) (result answer) {
	result.Images = []resolved{}
	files := c.Files
	if files == nil {
		w, err := operate(c.configuration)
		if err != nil {
			result.Refusal = err.Error()
			return
		}
		result.File, result.Search, result.Policy = string(w.file), string(w.search), string(w.policy)
		files = []string{result.File}
		if w.search != nil {
			files = append(files, result.Search)
		}
		if c.Before != nil {
			if before, err := operate(*c.Before); err == nil {
				result.Safe = safe(before.file, w.file)
			}
		}
	}
	n.write(files)
	for _, image := range c.Images {
		result.Images = append(result.Images, n.resolve(image, result.Policy))
	}
	return
}

// operate does what syncImageConfig and registriesConfigIgnition of the operator do.
func operate(c configuration) (w written, err error) {
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
	image := &configv1.ImageSpec{RegistrySources: configv1.RegistrySources{InsecureRegistries: c.Insecure, BlockedRegistries: c.Blocked, AllowedRegistries: c.Allowed}}
	blocked, policyBlocked, allowed, _ := getValidBlockedAndAllowedRegistries(c.Release, image, icsp, idms) // the operator only logs its error
	w.file = []byte(registriesTemplate)
	if c.Insecure != nil || blocked != nil || len(icsp) != 0 || len(idms) != 0 || len(itms) != 0 {
		if w.file, err = updateRegistriesConfig(w.file, c.Insecure, blocked, icsp, idms, itms); err != nil {
			return
		}
	}
	if policyBlocked != nil || allowed != nil {
		if w.policy, err = updatePolicyJSON([]byte(policyTemplate), policyBlocked, allowed, c.Release, nil); err != nil {
			return
		}
	}
	if c.Search != nil { // updateSearchRegistriesConfig
		var text bytes.Buffer
		check(toml.NewEncoder(&text).Encode(sysregistriesv2.V2RegistriesConf{UnqualifiedSearchRegistries: c.Search}))
		w.search = text.Bytes()
	}
	return
}

// A node is a folder with a registries.conf.
type node struct {
	folder string
	system *types.SystemContext
}

func newNode(folder string) node {
	mode := types.ShortNameModeDisabled // as CRI-O on OpenShift nodes has it
	n := node{folder, &types.SystemContext{
		SystemRegistriesConfPath:    filepath.Join(folder, "registries.conf"),
		SystemRegistriesConfDirPath: filepath.Join(folder, "registries.conf.d"),
		UserShortNameAliasConfPath:  filepath.Join(folder, "aliases.conf"),
		ShortNameMode:               &mode,
	}}
	check(os.Mkdir(n.system.SystemRegistriesConfDirPath, 0o755))
	return n
}

func (n node) write(files []string) {
	old, err := filepath.Glob(filepath.Join(n.system.SystemRegistriesConfDirPath, "*"))
	check(err)
	for _, path := range old {
		check(os.Remove(path))
	}
	for index, text := range files {
		path := n.system.SystemRegistriesConfPath
		if index > 0 {
			path = filepath.Join(n.system.SystemRegistriesConfDirPath, string(rune('a'+index))+".conf")
		}
		check(os.WriteFile(path, []byte(text), 0o644))
	}
	sysregistriesv2.InvalidateCache()
}

// resolve does what CRI-O and docker/docker_image_src.go do with a reference.
func (n node) resolve(image, policy string) (r resolved) {
	r.Plans = []plan{}
	if _, err := reference.ParseNormalizedNamed(image); err != nil {
		r.Error = err.Error()
		return
	}
	candidates, err := shortnames.Resolve(n.system, image)
	if err != nil {
		r.Error = n.onNode(err)
		return
	}
	for _, candidate := range candidates.PullCandidates {
		r.Plans = append(r.Plans, n.plan(candidate.Value, policy))
	}
	return
}

func (n node) plan(named reference.Named, policy string) (p plan) {
	p.Attempts = []attempt{}
	named = reference.TagNameOnly(named)
	if digested, ok := named.(reference.Digested); ok { // CRI-O drops the tag of name:tag@digest
		var err error
		named, err = reference.WithDigest(reference.TrimNamed(named), digested.Digest())
		check(err)
	}
	p.Reference, p.Rejected = named.String(), rejected(named, policy)
	registry, err := sysregistriesv2.FindRegistry(n.system, named.Name())
	if err != nil {
		p.Error = n.onNode(err)
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
		physical, err := sysregistriesv2.FindRegistry(n.system, source.Reference.Name())
		check(err)
		if physical != nil {
			a.Entry, a.Blocked = &physical.Prefix, physical.Blocked
		}
		p.Attempts = append(p.Attempts, a)
	}
	return
}

// onNode is an error as it would read on a node.
func (n node) onNode(err error) string {
	return strings.ReplaceAll(err.Error(), n.folder, "/etc/containers")
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
