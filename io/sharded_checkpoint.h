#pragma once
#include <map>

#include "lazuli/io/safetensors_file.h"

/// Checkpoints that several processes write together and any number of them reads.
namespace lazuli {

/// Writes what all of `ranks` have together into `folder`, which is made where it is not there: each process its part, as NAME-SAVE-0000R-of-0000N.safetensors, and then, once all of
/// them are on the disk, process 0 the index NAME.sharded.json by renaming it in place. Whenever a process dies, the index that is there is that of the last save that was completed, and so are its files, which
/// go only after the next one's index is there. `metadata`, of process 0, is stored in the index.
/// All processes call it. Throws Error, on all of them alike and with the former checkpoint untouched, (File) where one cannot write, and where their parts do not make up whole tensors.
void save_sharded(const ShardedState& parts, const std::string& folder, const Ranks& ranks = {}, const Metadata& metadata = {},
                  const std::string& name = "model");

/// Such a checkpoint, to be read from by each process on its own: only what is asked for comes from the disk. Throws Error (File) for an index that is not there or corrupt, and
/// as SafetensorsFile does.
class ShardedCheckpoint : public PartReader {
 public:
  explicit ShardedCheckpoint(const std::string& folder, const std::string& name = "model");
  /// Whether there is one in that folder.
  static bool exists(const std::string& folder, const std::string& name = "model");
  const Metadata& metadata() const { return metadata_; }
  std::vector<std::string> names() const override;
  Shape sizes(const std::string& name) const override;
  Tensor read(const std::string& name, int64_t begin, int64_t end) const override;
  using PartReader::read;

 private:
  struct Piece {
    std::string file;
    int64_t begin, end;
  };
  struct Entry {
    Shape sizes;
    std::vector<Piece> pieces;  // in order, without gaps
  };
  const Entry& entry(const std::string& name) const;
  std::string folder_;
  Metadata metadata_;
  std::vector<std::string> order_;
  std::map<std::string, Entry> entries_;
  mutable std::map<std::string, SafetensorsFile> files_;
};

}  // namespace lazuli
