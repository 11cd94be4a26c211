#pragma once
#include <string>
#include <utility>
#include <vector>

/// The functions whose typed forms are held against recorded cases (recorded_shapes_test.cpp), and how many of these.
std::vector<std::pair<std::string, int>> recorded_shapes();
