// A libcudnn.so.9 that has nothing of it.
extern "C" int stand_in_no_cudnn() { return 0; }
