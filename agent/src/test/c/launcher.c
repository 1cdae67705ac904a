/*
 * launcher.c: launcher PORT COMMAND…: listens on 127.0.0.1:PORT and becomes COMMAND with the socket as descriptor 3, as
 * systemd does for socket-activated services.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char **words) {
    if (count < 3) {
        return 2;
    }
    int yes = 1;
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(words[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listening, (struct sockaddr *)&address, sizeof address) || listen(listening, 8) || dup2(listening, 3) < 0) {
        perror("launcher");
        return 1;
    }
    if (listening != 3) {
        close(listening);
    }
    setenv("LISTEN_FDS", "1", 1);
    execvp(words[2], words + 2);
    perror(words[2]);
    return 1;
}
