/* What starting a process costs at least: `cstore --version` is compared with it. */
#include <stdio.h>

int main(void) { return puts("hello") < 0; }
