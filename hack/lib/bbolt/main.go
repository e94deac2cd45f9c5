// Command bbolt lets upstream's bbolt read, check and write files for tests of our own.
//
//	bbolt check FILE
//	bbolt dump FILE
//	bbolt write FILE SEED TRANSACTIONS PAGE-SIZE array|hashmap sync|nosync
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand"
	"os"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bbolt:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("want check, dump or write, and a file")
	}
	switch args[0] {
	case "check":
		return check(args[1])
	case "dump":
		return dump(args[1])
	case "write":
		return write(args[1:])
	}
	return fmt.Errorf("unknown command %q", args[0])
}

// check opens for writing, as etcd does: so the freelist is loaded, or rebuilt, and checked too.
func check(path string) error {
	db, err := bolt.Open(path, 0o600, &bolt.Options{NoFreelistSync: true, PreLoadFreelist: true})
	if err != nil {
		return err
	}
	defer db.Close()
	return db.View(func(tx *bolt.Tx) error {
		var first error
		for problem := range tx.Check() {
			if first == nil {
				first = problem
			}
		}
		return first
	})
}

// dump prints each pair as "path key hash", and of each bucket its sequence.
func dump(path string) error {
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer db.Close()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	return db.View(func(tx *bolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bolt.Bucket) error {
			return dumpBucket(out, "/"+hex.EncodeToString(name), b)
		})
	})
}

func dumpBucket(out *bufio.Writer, path string, b *bolt.Bucket) error {
	fmt.Fprintf(out, "%s = %d\n", path, b.Sequence())
	return b.ForEach(func(k, v []byte) error {
		if v == nil {
			return dumpBucket(out, path+"/"+hex.EncodeToString(k), b.Bucket(k))
		}
		fmt.Fprintf(out, "%s %x %x\n", path, k, sha256.Sum256(v))
		return nil
	})
}

func write(args []string) error {
	if len(args) != 6 {
		return fmt.Errorf("write wants FILE SEED TRANSACTIONS PAGE-SIZE array|hashmap sync|nosync")
	}
	var numbers [3]int
	for i := range numbers {
		n, err := strconv.Atoi(args[i+1])
		if err != nil {
			return err
		}
		numbers[i] = n
	}
	db, err := bolt.Open(args[0], 0o600, &bolt.Options{
		PageSize:       numbers[2],
		FreelistType:   bolt.FreelistType(args[4]),
		NoFreelistSync: args[5] == "nosync",
		NoSync:         true,
	})
	if err != nil {
		return err
	}
	random := rand.New(rand.NewSource(int64(numbers[0])))
	for i := 0; i < numbers[1]; i++ {
		err := db.Update(func(tx *bolt.Tx) error { return change(tx, random) })
		if err != nil {
			return err
		}
	}
	return db.Close()
}

// change makes pages split, merge and overflow, and buckets inline, nested and gone again.
func change(tx *bolt.Tx, random *rand.Rand) error {
	top, err := tx.CreateBucketIfNotExists([]byte{byte('a' + random.Intn(3))})
	if err != nil {
		return err
	}
	for i := random.Intn(60); i >= 0; i-- {
		b := top
		if random.Intn(3) == 0 {
			name := []byte(fmt.Sprintf("nested%d", random.Intn(4)))
			if random.Intn(25) == 0 && top.Bucket(name) != nil {
				if err := top.DeleteBucket(name); err != nil {
					return err
				}
				continue
			}
			if b, err = top.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		if err := one(b, random); err != nil {
			return err
		}
	}
	return top.SetSequence(random.Uint64())
}

func one(b *bolt.Bucket, random *rand.Rand) error {
	if random.Intn(3) == 0 {
		c := b.Cursor()
		k, v := c.Seek([]byte(fmt.Sprintf("key%04d", random.Intn(600))))
		for i := random.Intn(30); i >= 0 && k != nil; i-- {
			if v != nil {
				if err := c.Delete(); err != nil {
					return err
				}
			}
			k, v = c.Next()
		}
		return nil
	}
	size := random.Intn(200)
	if random.Intn(20) == 0 {
		size = random.Intn(20000)
	}
	value := make([]byte, size)
	random.Read(value)
	return b.Put([]byte(fmt.Sprintf("key%04d", random.Intn(600))), value)
}
