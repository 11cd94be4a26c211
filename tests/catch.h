// Catch2, version 2 or 3. In every test this is the only way to it; each case is tagged with its room: "[core]", "[ops]", ...
#pragma once
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
