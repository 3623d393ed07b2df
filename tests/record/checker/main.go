// Verifies a saved record with golang.org/x/mod/sumdb alone: signature, inclusion of every entry, and consistency
// between the pairs of sizes in the file "pairs" (old size, its root, new size, its root). Argument: the folder.
package main

import (
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8 // 256 hashes in a tile

type folder string

func (f folder) read(name string) []byte {
	content, err := os.ReadFile(filepath.Join(string(f), name))
	if err != nil {
		log.Fatal(err)
	}
	return content
}

func (f folder) Height() int { return height }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		// C2SP leaves out the height, which is always 8.
		path := "tile/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
		content, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		found = append(found, content)
	}
	return found, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// checkpoint opens the signed note and reads the tree in it.
func (f folder) checkpoint() tlog.Tree {
	verifier, err := note.NewVerifier(strings.TrimSpace(string(f.read("key"))))
	if err != nil {
		log.Fatal(err)
	}
	opened, err := note.Open(f.read("checkpoint"), note.VerifierList(verifier))
	if err != nil {
		log.Fatal(err)
	}
	lines := strings.SplitN(opened.Text, "\n", 4)
	if len(lines) < 4 || lines[0] != verifier.Name() {
		log.Fatal("not a checkpoint of this log")
	}
	var tree tlog.Tree
	if _, err := fmt.Sscanf(lines[1], "%d", &tree.N); err != nil {
		log.Fatal(err)
	}
	if tree.Hash, err = tlog.ParseHash(lines[2]); err != nil {
		log.Fatal(err)
	}
	return tree
}

// entries reads every entry from the bundles.
func (f folder) entries(size int64) [][]byte {
	var found [][]byte
	for first := int64(0); first < size; first += 1 << height {
		width := size - first
		if width > 1<<height {
			width = 1 << height
		}
		tile := tlog.Tile{H: height, L: 0, N: first >> height, W: int(width)}
		bundle := f.read("tile/entries/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/0/", height)))
		for len(bundle) > 0 {
			length := int(binary.BigEndian.Uint16(bundle))
			found = append(found, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
	}
	return found
}

func main() {
	saved := folder(os.Args[1])
	tree := saved.checkpoint()
	hashes := tlog.TileHashReader(tree, saved)
	entries := saved.entries(tree.N)
	if int64(len(entries)) != tree.N {
		log.Fatalf("%d entries in a tree of %d", len(entries), tree.N)
	}
	for index, entry := range entries {
		proof, err := tlog.ProveRecord(tree.N, int64(index), hashes)
		if err != nil {
			log.Fatal(err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(index), tlog.RecordHash(entry)); err != nil {
			log.Fatalf("entry %d: %v", index+1, err)
		}
	}
	pairs := strings.Split(strings.TrimSpace(string(saved.read("pairs"))), "\n")
	for _, pair := range pairs {
		var older, newer int64
		var olderRoot, newerRoot string
		if _, err := fmt.Sscan(pair, &older, &olderRoot, &newer, &newerRoot); err != nil {
			log.Fatal(err)
		}
		before, err := tlog.ParseHash(olderRoot)
		if err != nil {
			log.Fatal(err)
		}
		after, err := tlog.ParseHash(newerRoot)
		if err != nil {
			log.Fatal(err)
		}
		proof, err := tlog.ProveTree(newer, older, hashes)
		if err != nil {
			log.Fatal(err)
		}
		if err := tlog.CheckTree(proof, newer, after, older, before); err != nil {
			log.Fatalf("%d to %d: %v", older, newer, err)
		}
	}
	fmt.Printf("%d entries %d pairs\n", len(entries), len(pairs))
}
