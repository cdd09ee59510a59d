namespace Twocan.Core;

/// <summary>The numbers of pcapng (draft-ietf-opsawg-pcapng) that its writer and its reader share.</summary>
internal static class PcapngFormat
{
    public const uint SectionHeader = 0x0A0D_0D0A;
    public const uint ByteOrderMagic = 0x1A2B_3C4D;
    public const uint InterfaceDescription = 1;
    public const uint ObsoletePacket = 2;
    public const uint SimplePacket = 3;
    public const uint EnhancedPacket = 6;

    public const ushort LinkTypeEthernet = 1;

    // Options: their numbers mean different things in different blocks.
    public const ushort EndOfOptions = 0; // opt_endofopt
    public const ushort Comment = 1; // opt_comment
    public const ushort UserApplication = 4; // shb_userappl
    public const ushort InterfaceName = 2; // if_name
    public const ushort InterfaceDescribed = 3; // if_description
    public const ushort InterfaceSpeed = 8; // if_speed
    public const ushort TimeResolution = 9; // if_tsresol
    public const ushort FrameCheckLength = 13; // if_fcslen
    public const ushort TimeOffset = 14; // if_tsoffset
    public const ushort PacketFlags = 2; // epb_flags
}
