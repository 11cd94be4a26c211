// Stands in for the library's sources while there are none.
