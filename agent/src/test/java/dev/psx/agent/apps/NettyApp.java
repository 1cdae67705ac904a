package dev.psx.agent.apps;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;

/** Listens through Netty's own native code, which no class of the JDK sees. */
public final class NettyApp {

    private NettyApp() {}

    public static void main(String[] arguments) throws InterruptedException, IOException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
        try {
            new ServerBootstrap()
                    .group(group)
                    .channel(EpollServerSocketChannel.class)
                    .childHandler(new ChannelInboundHandlerAdapter())
                    .bind(Integer.parseInt(arguments[0]))
                    .sync();
            System.out.println("bound " + Commands.ownUid());
            System.in.read();
        } finally {
            group.shutdownGracefully();
        }
    }
}
