// Catch2, version 2 or 3. In every test this is the only way to it; each case is tagged with its room: "[core]", "[ops]", ...
#pragma once
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
/// The matcher of a text that has this part: version 3 has it under another name.
inline auto Contains(const std::string& part) { return Catch::Matchers::ContainsSubstring(part); }
#else
#include <catch2/catch.hpp>
using Catch::Matchers::Contains;
#endif
