#pragma once
#include <string>

namespace lazuli::data::detail {

/// A regular expression for as much of a text as is written in one of Unicode's scripts. Kana count as Han; spaces, and what is in no script, go with the script before them.
std::string run_of_one_script();

}  // namespace lazuli::data::detail
